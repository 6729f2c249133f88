#include "base/ascii.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace vj {
namespace {

// U+00C0 to U+017F
constexpr char32_t kFirstLetter = 0xC0;
constexpr std::array<std::string_view, 192> kLetters{
    "A", "A", "A",  "A",  "A", "A", "AE", "C", "E", "E",  "E", "E", "I", "I", "I",  "I",   //
    "D", "N", "O",  "O",  "O", "O", "O",  "x", "O", "U",  "U", "U", "U", "Y", "Th", "ss",  //
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e",  "e", "e", "i", "i", "i",  "i",   //
    "d", "n", "o",  "o",  "o", "o", "o",  "/", "o", "u",  "u", "u", "u", "y", "th", "y",   //
    "A", "a", "A",  "a",  "A", "a", "C",  "c", "C", "c",  "C", "c", "C", "c", "D",  "d",   //
    "D", "d", "E",  "e",  "E", "e", "E",  "e", "E", "e",  "E", "e", "G", "g", "G",  "g",   //
    "G", "g", "G",  "g",  "H", "h", "H",  "h", "I", "i",  "I", "i", "I", "i", "I",  "i",   //
    "I", "i", "IJ", "ij", "J", "j", "K",  "k", "k", "L",  "l", "L", "l", "L", "l",  "L",   //
    "l", "L", "l",  "N",  "n", "N", "n",  "N", "n", "'n", "N", "n", "O", "o", "O",  "o",   //
    "O", "o", "OE", "oe", "R", "r", "R",  "r", "R", "r",  "S", "s", "S", "s", "S",  "s",   //
    "S", "s", "T",  "t",  "T", "t", "T",  "t", "U", "u",  "U", "u", "U", "u", "U",  "u",   //
    "U", "u", "U",  "u",  "W", "w", "Y",  "y", "Y", "Z",  "z", "Z", "z", "Z", "z",  "s",   //
};

struct Replacement {
  char32_t code_point;
  std::string_view text;
};

constexpr std::array kOthers{
    Replacement{0xA0, " "},    Replacement{0xA1, "!"},    Replacement{0xAB, "\""},   Replacement{0xB4, "'"},
    Replacement{0xBB, "\""},   Replacement{0xBF, "?"},    Replacement{0x218, "S"},   Replacement{0x219, "s"},
    Replacement{0x21A, "T"},   Replacement{0x21B, "t"},   Replacement{0x1E9E, "SS"}, Replacement{0x2010, "-"},
    Replacement{0x2011, "-"},  Replacement{0x2012, "-"},  Replacement{0x2013, "-"},  Replacement{0x2014, "-"},
    Replacement{0x2018, "'"},  Replacement{0x2019, "'"},  Replacement{0x201A, ","},  Replacement{0x201B, "'"},
    Replacement{0x201C, "\""}, Replacement{0x201D, "\""}, Replacement{0x201E, "\""}, Replacement{0x2026, "..."},
    Replacement{0x202F, " "},  Replacement{0x2032, "'"},  Replacement{0x2033, "\""}, Replacement{0x2039, "<"},
    Replacement{0x203A, ">"},  Replacement{0x266A, "#"},  Replacement{0x266B, "#"}};

bool is_combining_mark(char32_t c) { return c >= 0x300 && c <= 0x36F; }

std::string_view replacement(char32_t c) {
  if (c >= kFirstLetter && c < kFirstLetter + kLetters.size()) return kLetters[c - kFirstLetter];
  if (is_combining_mark(c)) return "";
  const auto found = std::ranges::find(kOthers, c, &Replacement::code_point);
  return found == kOthers.end() ? "?" : found->text;
}

// The code point at the start of valid UTF-8, which is cut by it.
char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t c = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) c = (c << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(size);
  return c;
}

}  // namespace

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string to_ascii(std::string_view utf8) {
  const auto valid = valid_utf8(utf8);
  std::string ascii;
  for (std::string_view rest = valid; !rest.empty();) {
    const auto c = take_code_point(rest);
    if (c < 0x80) {
      ascii.push_back(static_cast<char>(c));
    } else {
      ascii += replacement(c);
    }
  }
  return ascii;
}

}  // namespace vj
