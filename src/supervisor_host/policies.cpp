#include "supervisor_host/policies.hpp"

#include <algorithm>

namespace vj::supervisor_host {

namespace {

// A beat that is made right at the end of an excused round still has to be written and noticed.
constexpr Duration kBeatTravel = 1s;

}  // namespace

supervision::Policy policy_of(const config::Worker& worker, bool auto_heal) {
  const config::Supervision& numbers = worker.supervision;
  return {.restart = {.first_delay = numbers.base_backoff,
                      .longest_delay = numbers.max_backoff,
                      .attempt_limit = numbers.max_restarts},
          // Workers beat three times within the timeout, so one of those beats falls into the excused round.
          .check_interval = std::max(numbers.check_interval, numbers.heartbeat_timeout / 3) + kBeatTravel,
          .heartbeat_timeout = numbers.heartbeat_timeout,
          .reset_after = numbers.reset_after,
          .stop_timeout = numbers.stop_timeout,
          .heartbeat = worker.kind == config::WorkerKind::kWorker,
          .restart_on_crash = worker.restart,
          .auto_heal = auto_heal};
}

}  // namespace vj::supervisor_host
