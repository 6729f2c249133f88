// vj::format is std::format by the C++20 rules. g++ 12 does not have it yet, so it comes from {fmt}; this is the one
// place that knows.
#pragma once

#include <fmt/format.h>

namespace vj {
using fmt::format;
}  // namespace vj
