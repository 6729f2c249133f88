// What runs and what is wrong, in words that say what to do. Pure: values in, text out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ctl/style.hpp"
#include "wire/value.hpp"
#include "wire/worker_payload.hpp"

namespace vj::ctl {

struct ManagerInfo {
  int pid = 0;
  double uptime_sec = 0;
  std::string version;
  int command_port = 0;
  int telemetry_port = 0;
  bool is_fallback = false;  // a console does its work

  friend bool operator==(const ManagerInfo&, const ManagerInfo&) = default;
};

struct SystemStatus {
  std::string home;
  std::optional<ManagerInfo> manager;  // nothing: not running, and the workers are what the registry shows alive
  std::vector<wire::WorkerInfo> workers;
  std::string how_to_start{};   // what makes a process manager run
  std::string vjctl = "vjctl";  // how this program is called for this home
};

[[nodiscard]] std::string status_text(const SystemStatus& status, const Style& style);
[[nodiscard]] wire::Value status_json(const SystemStatus& status);

// The rows of list_workers as a table with a head.
[[nodiscard]] std::string list_text(const std::vector<wire::WorkerInfo>& workers, const Style& style);

// What a person can do about the worker's state; nothing where all is well.
[[nodiscard]] std::optional<std::string> advice(const wire::WorkerInfo& worker, const SystemStatus& status);

}  // namespace vj::ctl
