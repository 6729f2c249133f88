// The arguments of OSC 1.0 and 1.1 as values. Text and bytes are borrowed: they live as long as what they were read
// from or given in.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace vj::osc {

// NTP: seconds since 1900 in the upper 32 bits, fractions of a second in the lower.
struct TimeTag {
  std::uint64_t ntp = 1;

  [[nodiscard]] bool is_immediate() const { return ntp == 1; }
  friend bool operator==(const TimeTag&, const TimeTag&) = default;
};

struct Blob {
  std::string_view bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};

struct Symbol {
  std::string_view text;
  friend bool operator==(const Symbol&, const Symbol&) = default;
};

struct Character {
  std::uint32_t code = 0;
  friend bool operator==(const Character&, const Character&) = default;
};

struct Color {
  std::uint8_t red = 0, green = 0, blue = 0, alpha = 0;
  friend bool operator==(const Color&, const Color&) = default;
};

struct Midi {
  std::uint8_t port = 0, status = 0, data1 = 0, data2 = 0;
  friend bool operator==(const Midi&, const Midi&) = default;
};

struct Nil {
  friend bool operator==(const Nil&, const Nil&) = default;
};
struct Infinitum {  // an "impulse" in OSC 1.1
  friend bool operator==(const Infinitum&, const Infinitum&) = default;
};
// An array lies between these two; arrays may hold arrays.
struct ArrayBegin {
  friend bool operator==(const ArrayBegin&, const ArrayBegin&) = default;
};
struct ArrayEnd {
  friend bool operator==(const ArrayEnd&, const ArrayEnd&) = default;
};

// By type tag: i f s b h d t S c r m, T and F, N I [ ]
using Argument = std::variant<std::int32_t, float, std::string_view, Blob, std::int64_t, double, TimeTag, Symbol,
                              Character, Color, Midi, bool, Nil, Infinitum, ArrayBegin, ArrayEnd>;

[[nodiscard]] char type_tag(const Argument& argument);

// Every letter that type_tag() can return.
inline constexpr std::string_view kTypeTags = "ifsbhdtScrmTFNI[]";

}  // namespace vj::osc
