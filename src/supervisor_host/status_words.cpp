#include "supervisor_host/status_words.hpp"

#include "base/format.hpp"

namespace vj::supervisor_host {

std::string status_words(std::span<const NamedState> workers) {
  int expected = 0;
  int up = 0;
  bool is_idle = true;
  std::string troubles;
  for (const NamedState& worker : workers) {
    const bool is_up = worker.state == "running" || worker.state == "degraded";
    expected += worker.is_expected;
    up += worker.is_expected && is_up;
    if (worker.state == "stopped") continue;
    is_idle = false;
    if (worker.state != "running") troubles += format("; {} {}", worker.name, worker.state);
  }
  if (is_idle) return "idle";
  return format("{} of {} up{}", up, expected, troubles);
}

}  // namespace vj::supervisor_host
