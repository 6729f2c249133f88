// OSC targets as a service's registry entry tells them (metadata.osc_targets).
#pragma once

#include <string>
#include <vector>

#include "wire/value.hpp"

namespace vj::wire {

struct OscTarget {
  std::string name;
  std::string address;  // "127.0.0.1:9000"
  bool enabled = true;
  std::string problem;  // "nobody there"; empty while nothing is known to be wrong

  friend bool operator==(const OscTarget&, const OscTarget&) = default;
};

[[nodiscard]] Value to_value(const std::vector<OscTarget>& targets);
[[nodiscard]] std::vector<OscTarget> osc_targets_from(const Value& array);  // without what is no target

// What several services say of their targets, as one list: one for each name, whose problem is one that any has.
[[nodiscard]] std::vector<OscTarget> merged(const std::vector<std::vector<OscTarget>>& of_services);

}  // namespace vj::wire
