#include "osc/argument_text.hpp"

#include <array>
#include <charconv>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "osc/time_tag_text.hpp"

namespace vj::osc {
namespace {

// The shortest text that gives the number back, with a point, so that nobody takes it for an integer.
template <class T>
std::string number_text(T value) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

std::string character_text(Character character) {
  std::string text;
  append_utf8(text, character.code);
  return printable(text);
}

std::string octets_text(const Midi& midi) {
  return format("{:02x} {:02x} {:02x} {:02x}", midi.port, midi.status, midi.data1, midi.data2);
}

bool is_text(const Argument& argument) {
  return std::holds_alternative<std::string_view>(argument) || std::holds_alternative<Symbol>(argument);
}

}  // namespace

std::string to_text(const Argument& argument) {
  return std::visit(
      Overloaded{
          [](std::int32_t value) { return std::to_string(value); }, [](float value) { return number_text(value); },
          [](std::string_view text) { return printable(text); }, [](const Blob& blob) { return hex_text(blob.bytes); },
          [](std::int64_t value) { return std::to_string(value); }, [](double value) { return number_text(value); },
          [](const TimeTag& time_tag) { return to_text(time_tag); },
          [](const Symbol& symbol) { return printable(symbol.text); },
          [](const Character& character) { return character_text(character); },
          [](const Color& c) { return format("#{:02x}{:02x}{:02x}{:02x}", c.red, c.green, c.blue, c.alpha); },
          [](const Midi& midi) { return octets_text(midi); },
          [](bool truth) { return std::string(truth ? "true" : "false"); },
          [](const Nil&) { return std::string("nil"); }, [](const Infinitum&) { return std::string("infinitum"); },
          [](const ArrayBegin&) { return std::string("["); }, [](const ArrayEnd&) { return std::string("]"); }},
      argument);
}

std::string arguments_text(const MessageView& message) {
  ArgumentReader reader(message);
  if (message.types.size() == 1) return to_text(*reader.next());
  if (message.types.empty()) return "";
  std::string text = "[";
  bool needs_comma = false;
  while (const auto argument = reader.next()) {
    const bool closes = std::holds_alternative<ArrayEnd>(*argument);
    if (needs_comma && !closes) text += ", ";
    text += is_text(*argument) ? '"' + to_text(*argument) + '"' : to_text(*argument);
    needs_comma = !std::holds_alternative<ArrayBegin>(*argument);
  }
  return text + "]";
}

std::string hex_text(std::string_view bytes, std::size_t most) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes.substr(0, most)) {
    const auto octet = static_cast<unsigned char>(c);
    if (!text.empty()) text.push_back(' ');
    text.push_back(kDigits[octet >> 4]);
    text.push_back(kDigits[octet & 15]);
  }
  if (bytes.size() > most) text += " …";
  return text;
}

Result<std::string> bytes_from_hex(std::string_view text) {
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\t') continue;
    int digit = 0;
    const auto read = std::from_chars(&c, &c + 1, digit, 16);
    if (read.ptr == &c) return fail(ErrorCode::kInvalid, format("'{}' is no hexadecimal digit", printable({&c, 1})));
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<char>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0) return fail(ErrorCode::kInvalid, "hexadecimal digits come in pairs");
  return bytes;
}

}  // namespace vj::osc
