// JSON text to Value and back.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/value.hpp"

namespace vj::wire {

// One JSON document, nothing after it. Invalid UTF-8 is replaced, not refused. Nested deeper than 100 levels is
// kInvalid.
[[nodiscard]] Result<Value> parse_json(std::string_view text);

// Compact; invalid UTF-8 replaced.
[[nodiscard]] std::string to_json(const Value& value);
// Over several lines, for files that people read.
[[nodiscard]] std::string to_indented_json(const Value& value, int indent = 2);

}  // namespace vj::wire
