#include "console/input_parser.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace vj::console {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteEnd = "\x1b[201~";

// What begins a string behind an Esc (OSC, DCS, SOS, PM, APC), and what ends it or cancels it: BEL, CAN, SUB, Esc.
constexpr std::string_view kStringBegins = "]PX^_";
constexpr std::string_view kStringEnds = "\a\x18\x1a\x1b";

constexpr std::string_view kX10Mouse = "[M";
constexpr std::size_t kX10MouseLength = 6;  // Esc included

// Longer than any sequence that a terminal sends; what has not ended by then is noise.
constexpr std::size_t kLongestSequence = 64;

struct NamedSequence {
  std::string_view bytes;  // behind the Esc
  KeyCode code;
};

// xterm, its application mode, the Linux console and rxvt. Modified keys carry parameters and are reduced to these.
constexpr std::array kNamedSequences = {
    NamedSequence{"[A", KeyCode::kUp},      NamedSequence{"OA", KeyCode::kUp},
    NamedSequence{"[B", KeyCode::kDown},    NamedSequence{"OB", KeyCode::kDown},
    NamedSequence{"[C", KeyCode::kRight},   NamedSequence{"OC", KeyCode::kRight},
    NamedSequence{"[D", KeyCode::kLeft},    NamedSequence{"OD", KeyCode::kLeft},
    NamedSequence{"[H", KeyCode::kHome},    NamedSequence{"OH", KeyCode::kHome},
    NamedSequence{"[1~", KeyCode::kHome},   NamedSequence{"[7~", KeyCode::kHome},
    NamedSequence{"[F", KeyCode::kEnd},     NamedSequence{"OF", KeyCode::kEnd},
    NamedSequence{"[4~", KeyCode::kEnd},    NamedSequence{"[8~", KeyCode::kEnd},
    NamedSequence{"[5~", KeyCode::kPageUp}, NamedSequence{"[6~", KeyCode::kPageDown},
    NamedSequence{"[3~", KeyCode::kDelete}, NamedSequence{"[Z", KeyCode::kBackTab},
    NamedSequence{"OM", KeyCode::kEnter},
};

std::optional<KeyCode> named(std::string_view sequence) {
  for (const auto& known : kNamedSequences) {
    if (known.bytes == sequence) return known.code;
  }
  return std::nullopt;
}

// "[1;5A" (Ctrl+Up) -> "[A", "[5;2~" -> "[5~".
std::string without_modifiers(std::string_view sequence) {
  const auto semicolon = sequence.find(';');
  if (semicolon == std::string_view::npos) return std::string(sequence);
  const std::string_view parameter = sequence.substr(1, semicolon - 1);
  const char last = sequence.back();
  return "[" + (last == '~' ? std::string(parameter) : std::string()) + last;
}

// Column and row count from 1.
std::optional<Mouse> mouse_at(long long button, long long column, long long row) {
  if (column < 1 || row < 1 || column > 10000 || row > 10000) return std::nullopt;
  const Mouse at{.column = static_cast<int>(column) - 1, .row = static_cast<int>(row) - 1};
  constexpr long long kModifiers = 4 | 8 | 16;
  switch (button & ~kModifiers) {
    case 0:
      return Mouse{MouseAction::kPress, at.column, at.row};
    case 64:
      return Mouse{MouseAction::kWheelUp, at.column, at.row};
    case 65:
      return Mouse{MouseAction::kWheelDown, at.column, at.row};
    default:
      return std::nullopt;
  }
}

// "[<0;12;3M": button, column, row; M for press and m for release.
std::optional<Mouse> mouse_report(std::string_view sequence) {
  const auto fields = split(sequence.substr(2, sequence.size() - 3), ';');
  if (fields.size() != 3 || sequence.back() != 'M') return std::nullopt;
  const auto button = parse_integer(fields[0]);
  const auto column = parse_integer(fields[1]);
  const auto row = parse_integer(fields[2]);
  return button && column && row ? mouse_at(*button, *column, *row) : std::nullopt;
}

// "[M !q": the same three, each as a byte that is 32 more; a release is a button of its own. Terminals that know no
// other report send it, and where it is wider than its bytes can say a 0.
std::optional<Mouse> x10_mouse_report(std::string_view sequence) {
  const auto number = [&](std::size_t place) { return static_cast<std::uint8_t>(sequence[place]) - 32; };
  return mouse_at(number(2), number(3), number(4));
}

void take_sequence(std::string_view sequence, std::vector<Input>& inputs) {
  if (sequence.starts_with("[<")) {
    if (const auto mouse = mouse_report(sequence)) inputs.emplace_back(*mouse);
  } else if (sequence.starts_with(kX10Mouse)) {
    if (const auto mouse = x10_mouse_report(sequence)) inputs.emplace_back(*mouse);
  } else if (const auto code = named(without_modifiers(sequence))) {
    inputs.emplace_back(Key{*code});
  }
}

// Length of the escape sequence at the start of `bytes`, Esc included; 0 while it is not complete.
std::size_t sequence_length(std::string_view bytes) {
  if (bytes.size() < 2) return 0;
  if (bytes[1] == 'O') return bytes.size() < 3 ? 0 : 3;
  if (bytes[1] != '[') return 2;
  // Whatever its three bytes look like.
  if (bytes.substr(1).starts_with(kX10Mouse)) return bytes.size() < kX10MouseLength ? 0 : kX10MouseLength;
  for (std::size_t i = 2; i < bytes.size(); ++i) {
    if (bytes[i] >= 0x40 && bytes[i] <= 0x7E) {
      const bool is_function_key_of_the_linux_console = i == 2 && bytes[i] == '[';
      if (!is_function_key_of_the_linux_console) return i + 1;
    }
  }
  return bytes.size() > kLongestSequence ? bytes.size() : 0;
}

Key key_of(char byte) {
  switch (byte) {
    case '\r':
    case '\n':
      return {KeyCode::kEnter};
    case '\t':
      return {KeyCode::kTab};
    case '\x7f':
    case '\b':
      return {KeyCode::kBackspace};
    default:
      if (static_cast<std::uint8_t>(byte) < 0x20) return control(static_cast<char32_t>(byte | 0x60));
      return character(static_cast<char32_t>(byte));
  }
}

std::size_t utf8_length(std::uint8_t first) { return first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4; }

char32_t decoded(std::string_view sequence) {
  auto code = static_cast<char32_t>(static_cast<std::uint8_t>(sequence[0]) & (0x7FU >> sequence.size()));
  for (const char byte : sequence.substr(1)) code = code << 6 | (static_cast<std::uint8_t>(byte) & 0x3FU);
  return code;
}

}  // namespace

std::vector<Input> InputParser::feed(std::string_view bytes) {
  std::vector<Input> inputs;
  const bool was_in_string = in_string_ && dropped_ > 0;
  has_begun_ = false;
  pending_ += bytes;
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const std::size_t used = pasting_     ? take_pasted(rest, inputs)
                             : in_string_ ? take_of_string(rest, inputs)
                                          : take_one(rest, inputs);
    if (used == 0) break;
    rest.remove_prefix(used);
  }
  pending_.erase(0, pending_.size() - rest.size());
  waits_on_ = was_in_string && in_string_ && !has_begun_;
  return inputs;
}

std::size_t InputParser::take_one(std::string_view bytes, std::vector<Input>& inputs) {
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  if (bytes[0] == kEscape) return take_escape(bytes, inputs);
  if (first < 0x80) {
    inputs.emplace_back(key_of(bytes[0]));
    return 1;
  }
  const std::size_t length = utf8_length(first);
  if (bytes.size() < length) return 0;
  if (!is_valid_utf8(bytes.substr(0, length))) return 1;
  inputs.emplace_back(character(decoded(bytes.substr(0, length))));
  return length;
}

std::size_t InputParser::take_escape(std::string_view bytes, std::vector<Input>& inputs) {
  // Two of them are the key and the beginning of what follows.
  if (bytes.size() >= 2 && bytes[1] == kEscape) {
    inputs.emplace_back(Key{KeyCode::kEscape});
    return 1;
  }
  if (bytes.size() >= 2 && kStringBegins.contains(bytes[1])) {
    in_string_ = has_begun_ = true;
    dropped_ = 0;
    return 2;
  }
  const std::size_t length = sequence_length(bytes);
  if (length == 0) return 0;
  if (bytes.substr(0, length) == "\x1b[200~") {
    pasting_ = true;
  } else {
    take_sequence(bytes.substr(1, length - 1), inputs);
  }
  return length;
}

std::size_t InputParser::take_of_string(std::string_view bytes, std::vector<Input>& inputs) {
  const std::size_t end = std::min(bytes.find_first_of(kStringEnds), bytes.size());
  dropped_ += end;
  if (dropped_ > kLongestString) {
    in_string_ = false;
    return bytes.size();
  }
  if (end == bytes.size()) return end;
  const bool ends_in_escape = bytes[end] == kEscape;
  if (ends_in_escape && end + 1 == bytes.size()) return end;  // its second half may follow
  in_string_ = false;
  if (!ends_in_escape) return end + 1;
  if (bytes[end + 1] == '\\') return end + 2;
  return end + take_escape(bytes.substr(end), inputs);  // that of something else, which cancels the string
}

std::size_t InputParser::take_pasted(std::string_view bytes, std::vector<Input>& inputs) {
  const auto end = bytes.find(kPasteEnd);
  if (end == std::string_view::npos) {
    // What may be the first bytes of the end mark waits for the rest of it.
    const std::size_t taken = bytes.size() - std::min(bytes.size(), kPasteEnd.size() - 1);
    keep_pasted(bytes.substr(0, taken));
    return taken;
  }
  keep_pasted(bytes.substr(0, end));
  end_paste(inputs);
  return end + kPasteEnd.size();
}

// What is too much is swallowed and not kept: it must not become keys.
void InputParser::keep_pasted(std::string_view bytes) { pasted_ += bytes.substr(0, kLongestPaste - pasted_.size()); }

void InputParser::end_paste(std::vector<Input>& inputs) {
  inputs.emplace_back(Paste{std::exchange(pasted_, {})});
  pasting_ = false;
}

std::vector<Input> InputParser::flush() {
  std::vector<Input> inputs;
  const bool was_in_string = std::exchange(in_string_, false);
  if (!was_in_string && !pasting_ && pending_ == std::string_view(&kEscape, 1))
    inputs.emplace_back(Key{KeyCode::kEscape});
  if (pasting_) {
    keep_pasted(std::string_view(pending_).substr(0, pending_.find(kEscape)));
    end_paste(inputs);
  }
  pending_.clear();
  return inputs;
}

}  // namespace vj::console
