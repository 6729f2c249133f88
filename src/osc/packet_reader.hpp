// Reads the bytes of an OSC packet: every message in it, however deep the bundles are nested, and what is wrong with
// the rest. Nothing is copied or allocated for what is well-formed; nothing in a packet is fatal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "osc/argument.hpp"

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
  std::string reason;
  std::string_view bytes;  // of the part that cannot be read
};

using PacketItem = std::variant<MessageView, EmptyBundle, Malformed>;

// Hands out the messages of a packet in their order. What follows a malformed element is read where its length can be
// trusted.
class PacketReader {
 public:
  explicit PacketReader(std::string_view packet) : rest_(packet) {}

  [[nodiscard]] std::optional<PacketItem> next();

 private:
  struct Level {       // without initial values: most packets are no bundle, and need none of them
    const char* rest;  // elements not read yet
    std::size_t size;
    std::uint64_t time_tag;
    bool empty;
  };

  [[nodiscard]] std::optional<PacketItem> read_element(std::string_view element);

  std::string_view rest_;
  bool started_ = false;
  std::array<Level, kDeepestBundle> levels_;
  std::size_t depth_ = 0;
};

// One message that is not in a bundle.
[[nodiscard]] std::variant<MessageView, Malformed> read_message(std::string_view bytes);

// Hands out the arguments of a message one by one.
class ArgumentReader {
 public:
  explicit ArgumentReader(const MessageView& message) : types_(message.types), bytes_(message.arguments) {}

  [[nodiscard]] std::optional<Argument> next();

 private:
  std::string_view types_;
  std::string_view bytes_;
};

}  // namespace vj::osc
