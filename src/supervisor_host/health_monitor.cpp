#include "supervisor_host/health_monitor.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace vj::supervisor_host {

namespace {

std::string_view name_of(const config::HealthCheck& check) {
  switch (check.type) {
    case config::HealthCheckType::kExec:
      return check.command.front();
    case config::HealthCheckType::kTelemetry:
      return check.topic;
    case config::HealthCheckType::kHttp:
      break;
  }
  return check.url;
}

}  // namespace

HealthMonitor::HealthMonitor(const std::vector<config::HealthCheck>& checks, const HealthView& view,
                             Callbacks callbacks)
    : callbacks_(std::move(callbacks)) {
  for (const config::HealthCheck& config : checks) {
    auto& probe = *probes_.emplace_back(std::make_unique<Probe>());
    probe.config = config;
    probe.check = make_health_check(config, view);
    probe.interval = view.loop.timer([this, &probe] { look(probe); });
    probe.timeout = view.loop.timer([this, &probe] {
      probe.check->give_up();
      take(probe, format("{}: no answer within {:g}s", name_of(probe.config), to_seconds(probe.config.timeout)));
    });
    probe.interval.every(config.interval);
  }
}

HealthMonitor::~HealthMonitor() = default;

bool HealthMonitor::owns(platform::Pid child) const {
  return std::ranges::any_of(probes_, [&](const auto& probe) { return probe->check->owns(child); });
}

void HealthMonitor::look(Probe& probe) {
  if (probe.looking) return;  // the timeout is longer than the interval
  probe.looking = true;
  probe.timeout.after(probe.config.timeout);
  probe.check->look([this, &probe](const std::optional<std::string>& problem) { take(probe, problem); });
}

void HealthMonitor::take(Probe& probe, const std::optional<std::string>& problem) {
  probe.looking = false;
  probe.timeout.cancel();
  const bool was_failing = probe.failures > 0;
  probe.failures = problem ? probe.failures + 1 : 0;
  // Copies: what is called may destroy this.
  if (problem) {
    const auto failed = callbacks_.failed;
    return failed(*problem, probe.failures >= probe.config.failures);
  }
  const bool all_well = std::ranges::none_of(probes_, [](const auto& other) { return other->failures > 0; });
  const auto recovered = callbacks_.recovered;
  if (was_failing && all_well) recovered();
}

}  // namespace vj::supervisor_host
