// Runs the health checks of one process while it is ready, each at its own pace, and counts failures in a row.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "supervisor_host/health_check.hpp"

namespace vj::supervisor_host {

class HealthMonitor {
 public:
  struct Callbacks {
    std::function<void(const std::string& reason, bool confirmed)> failed;  // confirmed: as often as it may
    std::function<void()> recovered;                                        // after a failure, all checks pass again
  };

  // Looks for the first time after one interval. The callbacks come from the loop, and may destroy the monitor.
  HealthMonitor(const std::vector<config::HealthCheck>& checks, const HealthView& view, Callbacks callbacks);
  ~HealthMonitor();

  // Whether the end of this child is noticed by one of the checks.
  [[nodiscard]] bool owns(platform::Pid child) const;

 private:
  struct Probe {
    config::HealthCheck config;
    std::unique_ptr<HealthCheck> check;
    platform::EventLoop::Timer interval;
    platform::EventLoop::Timer timeout;
    int failures = 0;
    bool looking = false;
  };

  void look(Probe& probe);
  void take(Probe& probe, const std::optional<std::string>& problem);

  Callbacks callbacks_;
  std::vector<std::unique_ptr<Probe>> probes_;
};

}  // namespace vj::supervisor_host
