// Reads the bytes of an OSC packet: every message in it, however deep the bundles are nested, and what is wrong with
// the rest. Nothing is copied or allocated for what is well-formed; nothing in a packet is fatal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/assert.hpp"
#include "osc/argument.hpp"
#include "osc/byte_order.hpp"
#include "osc/text_end.hpp"

namespace vj::osc {

inline constexpr std::size_t kDeepestBundle = 32;

// What is odd about a message that could be read all the same.
struct Note {
  enum class Kind { kNone, kNoTypeTags, kUnknownType, kTrailingBytes };
  Kind kind = Kind::kNone;
  char letter = 0;        // of kUnknownType: the arguments end before it, in open arrays if need be
  std::size_t bytes = 0;  // how many were not read

  friend bool operator==(const Note&, const Note&) = default;
};
[[nodiscard]] std::string to_string(const Note& note);  // empty for kNone

// A message that can be read to the end of `types`. Lives as long as the packet's bytes.
struct MessageView {
  std::string_view address;
  std::string_view types;           // without the comma
  std::string_view arguments;       // the bytes they lie in
  std::string_view bytes;           // the whole message
  std::optional<TimeTag> time_tag;  // of the innermost bundle
  Note note;
};

struct EmptyBundle {
  TimeTag time_tag;
};

struct Malformed {
  enum class Flaw : std::uint8_t {
    kEmpty,
    kNeitherMessageNorBundle,
    kAddressNotEnded,
    kTypesNotEnded,
    kArgument,
    kArrayNotOpened,
    kArrayNotClosed,
    kHashOfNoBundle,
    kNoTimeTag,
    kTooDeep,
    kElementSize,
    kAfterLastElement,
  };
  Flaw flaw{};
  char type = 0;             // of the argument that is flawed
  std::size_t argument = 0;  // which one that is, counted from 1
  std::size_t at = 0;        // where in `bytes` the flaw begins
  std::string_view bytes;    // of the part that cannot be read

  [[nodiscard]] std::string reason() const;
};

using PacketItem = std::variant<MessageView, EmptyBundle, Malformed>;
static_assert(std::is_trivially_copyable_v<PacketItem>);

// Hands out the messages of a packet in their order. What follows a malformed element is read where its length can be
// trusted.
class PacketReader {
 public:
  explicit PacketReader(std::string_view packet) : packet_(packet) {}

  [[nodiscard]] std::optional<PacketItem> next();

 private:
  struct Level {       // without initial values: most packets are no bundle, and need none of them
    const char* rest;  // elements not read yet
    std::size_t size;
    std::uint64_t time_tag;
    bool empty;
  };

  [[nodiscard]] bool read_element(std::string_view element, std::optional<PacketItem>& item);

  std::string_view packet_;
  bool started_ = false;
  std::array<Level, kDeepestBundle> levels_;
  std::size_t depth_ = 0;
};

// One message that is not in a bundle.
[[nodiscard]] std::expected<MessageView, Malformed> read_message(std::string_view bytes);

// Hands out the arguments of a message one by one.
class ArgumentReader {
 public:
  explicit ArgumentReader(const MessageView& message)
      : type_(message.types.data()), types_end_(type_ + message.types.size()), at_(message.arguments.data()) {}

  [[nodiscard]] std::optional<Argument> next();

 private:
  template <class Number>
  [[nodiscard]] Number take() {
    return load<Number>(std::exchange(at_, at_ + sizeof(Number)));
  }
  [[nodiscard]] std::string_view take_text() {
    const char* const end = text_end(at_);
    return {std::exchange(at_, behind_text(at_, end)), end};
  }
  [[nodiscard]] Blob take_blob() {
    const auto size = static_cast<std::size_t>(take<std::int32_t>());
    return {{std::exchange(at_, at_ + padded(size)), size}};
  }
  template <class FourOctets>
  [[nodiscard]] FourOctets take_octets() {
    const auto octets = take<std::uint32_t>();
    const auto octet = [&](unsigned shift) { return static_cast<std::uint8_t>(octets >> shift); };
    return {octet(24), octet(16), octet(8), octet(0)};
  }

  const char* type_;
  const char* types_end_;
  const char* at_;  // the next argument's bytes; what the message was checked for lies there
};

// In the header, because a call for each argument costs more than the argument.
inline std::optional<Argument> ArgumentReader::next() {
  if (type_ == types_end_) return std::nullopt;
  switch (const char type = *type_++; type) {
    case 'i':
      return take<std::int32_t>();
    case 'f':
      return take<float>();
    case 's':
      return take_text();
    case 'S':
      return Symbol{take_text()};
    case 'b':
      return take_blob();
    case 'h':
      return take<std::int64_t>();
    case 'd':
      return take<double>();
    case 't':
      return TimeTag{take<std::uint64_t>()};
    case 'c':
      return Character{take<std::uint32_t>()};
    case 'r':
      return take_octets<Color>();
    case 'm':
      return take_octets<Midi>();
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
