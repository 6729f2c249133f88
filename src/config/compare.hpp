// What a reload would change, and which running processes only take it when they are started again.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"

namespace vj::config {

struct Changes {
  std::vector<std::string> changed;           // keys, as in settings_of(); "worker.NAME" for one that came or went
  std::vector<std::string> restart_required;  // names of workers and apps, "process_manager" and "vj_console"

  friend bool operator==(const Changes&, const Changes&) = default;
};

// A worker that came or went needs no restart of anybody: the process manager starts or stops it.
[[nodiscard]] Changes compare(const Config& running, const Config& wanted);

}  // namespace vj::config
