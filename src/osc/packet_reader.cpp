#include "osc/packet_reader.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "osc/byte_order.hpp"

namespace vj::osc {
namespace {

constexpr std::string_view kBundleName{"#bundle\0", 8};
constexpr std::size_t kBundleHeader = 16;  // the name and the time tag

// The text up to its terminator, where terminator and padding lie within `bytes`.
std::optional<std::string_view> read_string(std::string_view bytes) {
  const auto end = bytes.find('\0');
  if (end == std::string_view::npos || padded(end + 1) > bytes.size()) return std::nullopt;
  return bytes.substr(0, end);
}

std::string missing(std::string_view what, std::string_view bytes) {
  return format("{} not {}", what, bytes.find('\0') == std::string_view::npos ? "terminated" : "padded to four bytes");
}

// Bytes that the argument takes, kUnknown for a letter that nobody has defined, kBeyond where they are not all there.
constexpr std::size_t kUnknown = ~std::size_t{0};
constexpr std::size_t kBeyond = kUnknown - 1;

std::size_t argument_size(char type, std::string_view bytes) {
  const auto fixed = [&](std::size_t size) { return size <= bytes.size() ? size : kBeyond; };
  switch (type) {
    case 'i':
    case 'f':
    case 'c':
    case 'r':
    case 'm':
      return fixed(4);
    case 'h':
    case 'd':
    case 't':
      return fixed(8);
    case 's':
    case 'S': {
      const auto text = read_string(bytes);
      return text ? padded(text->size() + 1) : kBeyond;
    }
    case 'b': {
      if (bytes.size() < 4) return kBeyond;
      const auto size = load<std::int32_t>(bytes.data());
      if (size < 0 || padded(static_cast<std::size_t>(size)) > bytes.size() - 4) return kBeyond;
      return 4 + padded(static_cast<std::size_t>(size));
    }
    case 'T':
    case 'F':
    case 'N':
    case 'I':
    case '[':
    case ']':
      return 0;
    default:
      return kUnknown;
  }
}

std::string why_beyond(std::size_t number, char type, std::string_view bytes) {
  const auto argument = format("argument {} ({})", number, type);
  if (bytes.empty()) return argument + " is missing";
  if (type == 's' || type == 'S') return missing(argument, bytes);
  if (type == 'b' && bytes.size() >= 4) {
    return format("{} says it has {} bytes, {} are left", argument, load<std::int32_t>(bytes.data()), bytes.size() - 4);
  }
  return format("{} is cut off after {} bytes", argument, bytes.size());
}

// Narrows `message.types` to what can be read and notes what is odd. The reason, where it is malformed.
std::optional<std::string> check_arguments(MessageView& message) {
  auto bytes = message.arguments;
  int open_arrays = 0;
  for (std::size_t i = 0; i < message.types.size(); ++i) {
    const char type = message.types[i];
    const auto size = argument_size(type, bytes);
    if (size == kUnknown) {
      message.note = {Note::Kind::kUnknownType, type, bytes.size()};
      message.types = message.types.substr(0, i);
      return std::nullopt;
    }
    if (size == kBeyond) return why_beyond(i + 1, type, bytes);
    open_arrays += type == '[' ? 1 : type == ']' ? -1 : 0;
    if (open_arrays < 0) return "array closed that was not opened";
    bytes.remove_prefix(size);
  }
  if (open_arrays > 0) return "array not closed";
  if (!bytes.empty()) message.note = {Note::Kind::kTrailingBytes, 0, bytes.size()};
  return std::nullopt;
}

// A type tag may be any byte.
std::string letter_text(char letter) {
  if (letter > ' ' && letter <= '~') return format("'{}'", letter);
  return format("0x{:02x}", static_cast<unsigned char>(letter));
}

}  // namespace

std::string to_string(const Note& note) {
  switch (note.kind) {
    case Note::Kind::kNone:
      return "";
    case Note::Kind::kNoTypeTags:
      return note.bytes == 0 ? "no type tags" : format("no type tags for {} bytes of arguments", note.bytes);
    case Note::Kind::kUnknownType:
      return format("unknown type {}: {} bytes not read", letter_text(note.letter), note.bytes);
    case Note::Kind::kTrailingBytes:
      return format("{} bytes after the last argument", note.bytes);
  }
  return "";
}

std::variant<MessageView, Malformed> read_message(std::string_view bytes) {
  if (bytes.empty()) return Malformed{"empty packet", bytes};
  if (bytes.front() != '/') return Malformed{"starts with neither '/' nor \"#bundle\"", bytes};
  const auto address = read_string(bytes);
  if (!address) return Malformed{missing("address", bytes), bytes};
  MessageView message{.address = *address, .types = {}, .arguments = {}, .bytes = bytes, .time_tag = {}, .note = {}};
  const auto rest = bytes.substr(padded(address->size() + 1));
  if (rest.empty() || rest.front() != ',') {
    message.arguments = rest;
    message.note = {Note::Kind::kNoTypeTags, 0, rest.size()};
    return message;
  }
  const auto types = read_string(rest);
  if (!types) return Malformed{missing("type tag string", rest), bytes};
  message.types = types->substr(1);
  message.arguments = rest.substr(padded(types->size() + 1));
  if (auto reason = check_arguments(message)) return Malformed{std::move(*reason), bytes};
  return message;
}

std::optional<PacketItem> PacketReader::next() {
  if (!started_) {
    started_ = true;
    if (auto item = read_element(rest_)) return item;
  }
  while (depth_ > 0) {
    Level& level = levels_[depth_ - 1];
    const std::string_view rest(level.rest, level.size);
    if (rest.empty()) {
      --depth_;
      if (level.empty) return EmptyBundle{{level.time_tag}};
      continue;
    }
    level.empty = false;
    level.size = 0;  // unless the element's length can be trusted
    if (rest.size() < 4) return Malformed{format("{} bytes after the last element of a bundle", rest.size()), rest};
    const auto size = load<std::int32_t>(rest.data());
    const auto left = rest.size() - 4;
    if (size <= 0 || size % 4 != 0 || static_cast<std::size_t>(size) > left) {
      return Malformed{format("bundle element says it has {} bytes, {} are left", size, left), rest};
    }
    const auto element = rest.substr(4, static_cast<std::size_t>(size));
    level.rest = element.data() + element.size();
    level.size = left - element.size();
    if (auto item = read_element(element)) return item;
  }
  return std::nullopt;
}

// Nothing where it is a bundle, which becomes the innermost level.
std::optional<PacketItem> PacketReader::read_element(std::string_view element) {
  if (!element.starts_with('#')) {
    auto message = read_message(element);
    if (auto* malformed = std::get_if<Malformed>(&message)) return std::move(*malformed);
    auto& view = std::get<MessageView>(message);
    if (depth_ > 0) view.time_tag = TimeTag{levels_[depth_ - 1].time_tag};
    return view;
  }
  if (!element.starts_with(kBundleName)) return Malformed{"starts with '#' but is no \"#bundle\"", element};
  if (element.size() < kBundleHeader) return Malformed{"bundle without a time tag", element};
  if (depth_ == kDeepestBundle) return Malformed{format("bundles nested deeper than {}", kDeepestBundle), element};
  levels_[depth_++] = {.rest = element.data() + kBundleHeader,
                       .size = element.size() - kBundleHeader,
                       .time_tag = load<std::uint64_t>(element.data() + kBundleName.size()),
                       .empty = true};
  return std::nullopt;
}

std::optional<Argument> ArgumentReader::next() {
  if (types_.empty()) return std::nullopt;
  const char type = types_.front();
  types_.remove_prefix(1);
  const char* const data = bytes_.data();
  const auto* const octets = reinterpret_cast<const unsigned char*>(data);
  const auto take = [&](std::size_t size, Argument argument) {
    bytes_.remove_prefix(size);
    return argument;
  };
  switch (type) {
    case 'i':
      return take(4, load<std::int32_t>(data));
    case 'f':
      return take(4, load<float>(data));
    case 's':
    case 'S': {
      const std::string_view text(data);
      return take(padded(text.size() + 1), type == 's' ? Argument(text) : Argument(Symbol{text}));
    }
    case 'b': {
      const auto size = static_cast<std::size_t>(load<std::int32_t>(data));
      return take(4 + padded(size), Blob{bytes_.substr(4, size)});
    }
    case 'h':
      return take(8, load<std::int64_t>(data));
    case 'd':
      return take(8, load<double>(data));
    case 't':
      return take(8, TimeTag{load<std::uint64_t>(data)});
    case 'c':
      return take(4, Character{load<std::uint32_t>(data)});
    case 'r':
      return take(4, Color{octets[0], octets[1], octets[2], octets[3]});
    case 'm':
      return take(4, Midi{octets[0], octets[1], octets[2], octets[3]});
    case 'T':
    case 'F':
      return type == 'T';
    case 'N':
      return Nil{};
    case 'I':
      return Infinitum{};
    case '[':
      return ArrayBegin{};
    default:
      VJ_ASSERT(type == ']');
      return ArrayEnd{};
  }
}

}  // namespace vj::osc
