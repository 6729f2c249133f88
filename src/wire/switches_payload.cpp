#include "wire/switches_payload.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace vj::wire {

Result<std::map<std::string, bool, std::less<>>> switches_from(const Value& asked, std::string_view what,
                                                               std::span<const std::string_view> known) {
  if (!asked.is_object()) {
    return fail(ErrorCode::kInvalid, format("{}s are switched by an object of names, each true or false", what));
  }
  std::map<std::string, bool, std::less<>> switches;
  for (const auto& [name, on] : *asked.members()) {
    if (std::ranges::find(known, name) == known.end()) {
      std::string names;
      for (const auto each : known) names.append(names.empty() ? "" : ", ").append(each);
      return fail(ErrorCode::kInvalid,
                  format("there is no {} '{}'; there are {}", what, name, names.empty() ? "none" : names));
    }
    if (!on.is_boolean()) return fail(ErrorCode::kInvalid, format("{} '{}' is switched by true or false", what, name));
    switches.emplace(name, on.boolean_or(false));
  }
  return switches;
}

}  // namespace vj::wire
