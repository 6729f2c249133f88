// What a request switches on and off by name, as in {"pitch": false}.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/value.hpp"

namespace vj::wire {

// All that `asked` names. kInvalid where one is not among `known`, or is neither true nor false; the message, for a
// person, calls them by `what` ("feature") and says which there are.
[[nodiscard]] Result<std::map<std::string, bool, std::less<>>> switches_from(const Value& asked, std::string_view what,
                                                                             std::span<const std::string_view> known);

}  // namespace vj::wire
