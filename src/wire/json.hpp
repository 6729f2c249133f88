// JSON text to Value and back.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wire/value.hpp"

namespace vj::wire {

// One JSON document, nothing after it. Invalid UTF-8 is replaced, not refused. Nested deeper than 100 levels is
// kInvalid.
[[nodiscard]] Result<Value> parse_json(std::string_view text);

// Compact; invalid UTF-8 replaced.
[[nodiscard]] std::string to_json(const Value& value);
// The same of an object whose members are somebody else's, so that no large payload is copied only to be written.
struct MemberView {
  std::string_view name;
  const Value& value;
};
[[nodiscard]] std::string to_json(std::initializer_list<MemberView> members);
// Over several lines, for files that people read; `depth` is how deep in such a file it is to stand.
[[nodiscard]] std::string to_indented_json(const Value& value, int indent = 2, int depth = 0);

// The members of an object as they stand in the text: what is only passed on need not be understood. kInvalid where the
// text as a whole is no object in valid UTF-8. The values are not read, so a mistake within one may show only when it
// is.
struct RawMember {
  std::string name;
  std::string_view text;  // borrowed from the object's
};
[[nodiscard]] Result<std::vector<RawMember>> raw_members(std::string_view object);

}  // namespace vj::wire
