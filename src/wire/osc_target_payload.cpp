#include "wire/osc_target_payload.hpp"

#include <algorithm>

namespace vj::wire {

Value to_value(const std::vector<OscTarget>& targets) {
  auto array = Value::array();
  for (const auto& target : targets) {
    array.append(Value::object({{"name", target.name},
                                {"address", target.address},
                                {"enabled", target.enabled},
                                {"problem", target.problem}}));
  }
  return array;
}

std::vector<OscTarget> osc_targets_from(const Value& array) {
  std::vector<OscTarget> targets;
  if (const auto* elements = array.elements()) {
    for (const auto& element : *elements) {
      if (!element["name"].is_string()) continue;
      targets.push_back({.name = element["name"].string_or(""),
                         .address = element["address"].string_or(""),
                         .enabled = element["enabled"].boolean_or(true),
                         .problem = element["problem"].string_or("")});
    }
  }
  return targets;
}

std::vector<OscTarget> merged(const std::vector<std::vector<OscTarget>>& of_services) {
  std::vector<OscTarget> all;
  for (const auto& targets : of_services) {
    for (const auto& target : targets) {
      const auto known = std::ranges::find(all, target.name, &OscTarget::name);
      if (known == all.end()) {
        all.push_back(target);
      } else if (known->problem.empty()) {
        known->problem = target.problem;
      }
    }
  }
  return all;
}

}  // namespace vj::wire
