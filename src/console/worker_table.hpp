// Puts together what three parties say of the workers: the configuration (who belongs to the show, as long as no
// process manager has said so), the process manager (what it does with them) and the registry (who is alive). It asks
// nobody and reads no clock.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "config/config.hpp"
#include "console/model.hpp"
#include "wire/worker_payload.hpp"

namespace vj::console {

// A service as the registry shows it, and whether its process was found alive.
struct RegisteredService {
  std::string name;
  int pid = 0;
  std::string status;  // wire::status
  std::string reason;
  std::string version;
  PortPair ports;
  bool alive = false;
  Duration heartbeat_age{};

  friend bool operator==(const RegisteredService&, const RegisteredService&) = default;
};

struct WorkerSources {
  std::span<const config::Worker> configured;
  // The last answer of the process manager and when it came; nothing while there is none.
  struct Listed {
    std::vector<wire::WorkerInfo> workers;
    Time at;
  };
  const std::optional<Listed>& listed;
  std::span<const RegisteredService> registered;
  std::string_view own_version;
  std::span<const std::string> not_installed{};  // apps whose program has not been found
};

// `before` are the rows of the last time: what ticks by itself (uptime, countdown) keeps its beginning and end, however
// the answers jitter. A worker that is not enabled and does not run has no row.
[[nodiscard]] std::vector<WorkerRow> worker_rows(const WorkerSources& sources, std::span<const WorkerRow> before);

// When the first heartbeat goes stale if no other comes.
[[nodiscard]] std::optional<Time> next_stale(std::span<const RegisteredService> services, Time now);

}  // namespace vj::console
