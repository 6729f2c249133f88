// A row of `list_workers`, and an `events.lifecycle` message.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wire/value.hpp"

namespace vj::wire {

struct WorkerInfo {
  std::string name;
  bool enabled = true;
  bool running = false;
  std::optional<int> pid;
  int restart_count = 0;  // attempts used
  int max_restarts = 10;
  double stop_timeout = 5;  // seconds from SIGTERM to SIGKILL
  std::string state;        // stopped starting running degraded backing_off stopping failed unknown
  std::string reason;       // why, where the state wants one
  std::optional<double> uptime_sec;
  std::optional<double> cpu_percent;  // of one core, since the last look
  std::optional<std::uint64_t> rss_bytes;
  std::optional<double> next_restart_in;  // seconds
  std::string kind = "worker";            // or "app"
  bool adopted = false;
  std::optional<int> command_port;
  std::optional<int> telemetry_port;

  friend bool operator==(const WorkerInfo&, const WorkerInfo&) = default;
};

[[nodiscard]] Value to_value(const WorkerInfo& worker);
[[nodiscard]] std::optional<WorkerInfo> worker_info_from(const Value& value);  // nothing where there is no name
[[nodiscard]] std::vector<WorkerInfo> worker_list_from(const Value& result);   // of list_workers

namespace lifecycle {
inline constexpr std::string_view kStarted = "worker_started";
inline constexpr std::string_view kStopped = "worker_stopped";
inline constexpr std::string_view kCrashed = "worker_crashed";
inline constexpr std::string_view kRestarted = "worker_restarted";
inline constexpr std::string_view kAdopted = "worker_adopted";
inline constexpr std::string_view kFailed = "worker_failed";
inline constexpr std::string_view kState = "worker_state";  // another state than before, which no other event tells
}  // namespace lifecycle

struct LifecycleEvent {
  std::string event;  // one of lifecycle::
  std::string worker;
  Value payload = Value::object();

  friend bool operator==(const LifecycleEvent&, const LifecycleEvent&) = default;
};

[[nodiscard]] Value to_value(const LifecycleEvent& event);

}  // namespace vj::wire
