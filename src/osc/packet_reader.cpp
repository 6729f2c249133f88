#include "osc/packet_reader.hpp"

#include <array>

#include "base/format.hpp"

namespace vj::osc {
namespace {

constexpr std::string_view kBundleName{"#bundle\0", 8};
constexpr std::size_t kBundleHeader = 16;  // the name and the time tag

using Flaw = Malformed::Flaw;

// Bytes that an argument of a type takes, or what else has to be done about it.
enum TypeSize : std::uint8_t { kLargestFixed = 8, kText, kBlob, kArrayBegin, kArrayEnd, kUnknown };
constexpr auto kTypeSizes = [] {
  std::array<std::uint8_t, 256> sizes{};
  sizes.fill(kUnknown);
  const auto set = [&](std::string_view types, std::uint8_t size) {
    for (const char type : types) sizes[static_cast<unsigned char>(type)] = size;
  };
  set("TFNI", 0);
  set("ifcrm", 4);
  set("hdt", kLargestFixed);
  set("sS", kText);
  set("b", kBlob);
  set("[", kArrayBegin);
  set("]", kArrayEnd);
  return sizes;
}();

// Each gives what comes behind, null where it is not all there.
const char* skip_bytes(const char* at, const char* end, std::size_t size) {
  return size <= static_cast<std::size_t>(end - at) ? at + size : nullptr;
}
const char* skip_text(const char* at, const char* end) {
  const char* const terminator = text_end(at, end);
  return terminator == nullptr ? nullptr : behind_text(at, terminator);
}
const char* skip_blob(const char* at, const char* end) {
  if (end - at < 4) return nullptr;
  const auto size = load<std::int32_t>(at);
  return size < 0 ? nullptr : skip_bytes(at + 4, end, padded(static_cast<std::size_t>(size)));
}

std::size_t distance(const char* from, const char* to) { return static_cast<std::size_t>(to - from); }

// Narrows `message.types` to what can be read and notes what is odd. What is wrong, where it is malformed.
std::optional<Malformed> check_arguments(MessageView& message) {
  const char* const types = message.types.data();
  const char* const end = message.arguments.data() + message.arguments.size();
  const char* at = message.arguments.data();
  std::size_t open_arrays = 0;
  const auto flawed = [&](Flaw flaw, std::size_t argument = 0, char type = 0) {
    return Malformed{flaw, type, argument, distance(message.bytes.data(), at), message.bytes};
  };
  for (std::size_t i = 0; i < message.types.size(); ++i) {
    const char type = types[i];
    const char* next = at;
    switch (const auto size = kTypeSizes[static_cast<unsigned char>(type)]) {
      case kText:
        next = skip_text(at, end);
        break;
      case kBlob:
        next = skip_blob(at, end);
        break;
      case kArrayBegin:
        ++open_arrays;
        break;
      case kArrayEnd:
        if (open_arrays == 0) return flawed(Flaw::kArrayNotOpened);
        --open_arrays;
        break;
      case kUnknown:
        message.note = {Note::Kind::kUnknownType, type, distance(at, end)};
        message.types = {types, i};
        return std::nullopt;
      default:
        next = skip_bytes(at, end, size);
    }
    if (next == nullptr) return flawed(Flaw::kArgument, i + 1, type);
    at = next;
  }
  if (open_arrays > 0) return flawed(Flaw::kArrayNotClosed);
  if (at != end) message.note = {Note::Kind::kTrailingBytes, 0, distance(at, end)};
  return std::nullopt;
}

// The same of all of a message, into a view that is still empty.
std::optional<Malformed> read_into(MessageView& message, std::string_view bytes) {
  const auto flawed = [&](Flaw flaw, std::size_t at = 0) { return Malformed{.flaw = flaw, .at = at, .bytes = bytes}; };
  if (bytes.empty()) return flawed(Flaw::kEmpty);
  if (bytes.front() != '/') return flawed(Flaw::kNeitherMessageNorBundle);
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  const char* const address_end = text_end(begin, end);
  if (address_end == nullptr) return flawed(Flaw::kAddressNotEnded);
  message.address = {begin, address_end};
  message.bytes = bytes;
  const char* const types = behind_text(begin, address_end);
  if (types == end || *types != ',') {
    message.arguments = {types, end};
    message.note = {Note::Kind::kNoTypeTags, 0, distance(types, end)};
    return std::nullopt;
  }
  const char* const types_end = text_end(types, end);
  if (types_end == nullptr) return flawed(Flaw::kTypesNotEnded, distance(begin, types));
  message.types = {types + 1, types_end};
  message.arguments = {behind_text(types, types_end), end};
  return check_arguments(message);
}

std::string not_ended(std::string_view what, std::string_view text) {
  return format("{} not {}", what, text.find('\0') == std::string_view::npos ? "terminated" : "padded to four bytes");
}

std::string why_argument(const Malformed& malformed) {
  const auto argument = format("argument {} ({})", malformed.argument, malformed.type);
  const auto rest = malformed.bytes.substr(malformed.at);
  if (rest.empty()) return argument + " is missing";
  if (malformed.type == 's' || malformed.type == 'S') return not_ended(argument, rest);
  if (malformed.type == 'b' && rest.size() >= 4) {
    const std::int64_t size = load<std::int32_t>(rest.data()), left = static_cast<std::int64_t>(rest.size()) - 4;
    if (size >= 0 && size <= left) return argument + " not padded to four bytes";
    return format("{} says it has {} bytes, {} are left", argument, size, left);
  }
  return format("{} is cut off after {} bytes", argument, rest.size());
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

std::string Malformed::reason() const {
  switch (flaw) {
    case Flaw::kEmpty:
      return "empty packet";
    case Flaw::kNeitherMessageNorBundle:
      return "starts with neither '/' nor \"#bundle\"";
    case Flaw::kAddressNotEnded:
      return not_ended("address", bytes);
    case Flaw::kTypesNotEnded:
      return not_ended("type tag string", bytes.substr(at));
    case Flaw::kArgument:
      return why_argument(*this);
    case Flaw::kArrayNotOpened:
      return "array closed that was not opened";
    case Flaw::kArrayNotClosed:
      return "array not closed";
    case Flaw::kHashOfNoBundle:
      return "starts with '#' but is no \"#bundle\"";
    case Flaw::kNoTimeTag:
      return "bundle without a time tag";
    case Flaw::kTooDeep:
      return format("bundles nested deeper than {}", kDeepestBundle);
    case Flaw::kElementSize:
      return format("bundle element says it has {} bytes, {} are left", load<std::int32_t>(bytes.data()),
                    bytes.size() - 4);
    case Flaw::kAfterLastElement:
      return format("{} bytes after the last element of a bundle", bytes.size());
  }
  return "";
}

std::expected<MessageView, Malformed> read_message(std::string_view bytes) {
  std::expected<MessageView, Malformed> message;
  if (const auto malformed = read_into(*message, bytes)) message = std::unexpected(*malformed);
  return message;
}

std::optional<PacketItem> PacketReader::next() {
  std::optional<PacketItem> item;
  if (!started_) {
    started_ = true;
    if (read_element(packet_, item)) return item;
  }
  while (depth_ > 0) {
    Level& level = levels_[depth_ - 1];
    const std::string_view rest(level.rest, level.size);
    if (rest.empty()) {
      --depth_;
      if (!level.empty) continue;
      item.emplace(EmptyBundle{{level.time_tag}});
      return item;
    }
    level.empty = false;
    level.size = 0;  // unless the element's length can be trusted
    if (rest.size() < 4) {
      item.emplace(Malformed{.flaw = Malformed::Flaw::kAfterLastElement, .bytes = rest});
      return item;
    }
    const auto size = load<std::int32_t>(rest.data());
    const auto left = rest.size() - 4;
    if (size <= 0 || size % 4 != 0 || static_cast<std::size_t>(size) > left) {
      item.emplace(Malformed{.flaw = Malformed::Flaw::kElementSize, .bytes = rest});
      return item;
    }
    const auto element = rest.substr(4, static_cast<std::size_t>(size));
    level.rest = element.data() + element.size();
    level.size = left - element.size();
    if (read_element(element, item)) return item;
  }
  return item;
}

// False where it is a bundle, which becomes the innermost level.
bool PacketReader::read_element(std::string_view element, std::optional<PacketItem>& item) {
  const auto flawed = [&](Malformed::Flaw flaw) {
    item.emplace(Malformed{.flaw = flaw, .bytes = element});
    return true;
  };
  if (!element.starts_with('#')) {
    auto& message = std::get<MessageView>(item.emplace());
    if (const auto malformed = read_into(message, element)) {
      *item = *malformed;
    } else if (depth_ > 0) {
      message.time_tag = TimeTag{levels_[depth_ - 1].time_tag};
    }
    return true;
  }
  if (!element.starts_with(kBundleName)) return flawed(Malformed::Flaw::kHashOfNoBundle);
  if (element.size() < kBundleHeader) return flawed(Malformed::Flaw::kNoTimeTag);
  if (depth_ == kDeepestBundle) return flawed(Malformed::Flaw::kTooDeep);
  levels_[depth_++] = {.rest = element.data() + kBundleHeader,
                       .size = element.size() - kBundleHeader,
                       .time_tag = load<std::uint64_t>(element.data() + kBundleName.size()),
                       .empty = true};
  return false;
}

}  // namespace vj::osc
