// Small questions about text, all pure. Text from outside passes printable() before it is shown anywhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vj {

[[nodiscard]] std::string_view trim(std::string_view text);  // without white space at either end
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string lower_ascii(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII letters only

// The name in `known` that a person most likely meant, whatever its case: at most one edit away for each three letters
// of the wrong one, but always one.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view wrong, std::span<const std::string> known);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

// The same text as valid UTF-8: every byte that is not becomes U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

// The text as a terminal may show it on one line: valid UTF-8, tab and line breaks as one space, without C0 and C1
// control characters, zero-width joiners, variation selectors and bidirectional overrides.
[[nodiscard]] std::string printable(std::string_view text);

// Windows-1252 and UTF-16 (with byte order mark) to UTF-8; bytes that mean nothing there become U+FFFD.
[[nodiscard]] std::string utf8_from_cp1252(std::string_view bytes);
[[nodiscard]] std::string utf8_from_utf16(std::string_view bytes, bool big_endian);

// Appends one code point (must be a Unicode scalar value, else U+FFFD) as UTF-8.
void append_utf8(std::string& out, char32_t code_point);

// The number in `text`, which must be nothing but that number.
[[nodiscard]] std::optional<long long> parse_integer(std::string_view text);
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace vj
