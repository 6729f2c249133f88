// A configuration as the list of its sections, each with its settings in order: the visitor of schema.hpp for showing.
#pragma once

#include <string>
#include <vector>

#include "config/show.hpp"

namespace vj::config {

struct Section {
  std::string heading;  // as TOML has it: "[console]", "[[worker]]", "[app.synesthesia]"
  std::string path;     // what the keys begin with: "console", "worker.log_aggregator"
  std::vector<Setting> settings;
  bool has_variables = false;  // of the environment, which may be secrets
};

// Secrets stand in it as they are: for comparing, not for showing.
[[nodiscard]] std::vector<Section> sections_of(Config config);

}  // namespace vj::config
