// Text for receivers that know nothing but ASCII.
#pragma once

#include <string>
#include <string_view>

namespace vj {

[[nodiscard]] bool is_ascii(std::string_view text);

// Latin letters without their marks, typographic punctuation as it is on a keyboard; every other character becomes '?',
// combining marks nothing.
[[nodiscard]] std::string to_ascii(std::string_view utf8);

}  // namespace vj
