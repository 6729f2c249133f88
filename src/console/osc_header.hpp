// What stands above the list of OSC messages: how many, what was lost, and whether anybody is at the targets. Pure.
#pragma once

#include <string>
#include <vector>

#include "console/model.hpp"
#include "console/status.hpp"

namespace vj::console {

struct OscHeaderPart {
  std::string text;
  Health health = Health::kGood;

  friend bool operator==(const OscHeaderPart&, const OscHeaderPart&) = default;
};

// Its lines, each of which fits the width where a part of it does.
[[nodiscard]] std::vector<std::vector<OscHeaderPart>> osc_header(const Model& model);

}  // namespace vj::console
