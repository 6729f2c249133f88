#include "supervisor_host/lifecycle.hpp"

#include <doctest/doctest.h>

namespace vj::supervisor_host {

using wire::LifecycleEvent;
using wire::Value;

TEST_CASE("a crash tells its exit code and the restarts before it, or the reason where there is no code") {
  CHECK(lifecycle_event("w", supervision::HasCrashed{-11, "", 2}) ==
        LifecycleEvent{"worker_crashed", "w", Value::object({{"exit_code", -11}, {"restart_count", 2}})});
  CHECK(lifecycle_event("w", supervision::HasCrashed{std::nullopt, "no heartbeat for 15s", 2}) ==
        LifecycleEvent{"worker_crashed", "w", Value::object({{"reason", "no heartbeat for 15s"}})});
}

TEST_CASE("a restart tells its number and the seconds that were waited") {
  CHECK(lifecycle_event("w", supervision::HasRestarted{supervision::Pid{5}, 3, 20s}) ==
        LifecycleEvent{"worker_restarted", "w", Value::object({{"restart_count", 3}, {"backoff_sec", 20.0}})});
}

TEST_CASE("a start tells the pid, a stop nothing, a failure its reason") {
  CHECK(lifecycle_event("w", supervision::HasStarted{supervision::Pid{5}}) ==
        LifecycleEvent{"worker_started", "w", Value::object({{"pid", 5}})});
  CHECK(lifecycle_event("w", supervision::HasStopped{}) == LifecycleEvent{"worker_stopped", "w", Value::object()});
  CHECK(lifecycle_event("w", supervision::HasFailed{"x"}) ==
        LifecycleEvent{"worker_failed", "w", Value::object({{"reason", "x"}})});
}

TEST_CASE("who could not start has crashed, and who was adopted is told with the pid") {
  CHECK(lifecycle_event("w", supervision::CouldNotStart{"x"}) ==
        LifecycleEvent{"worker_crashed", "w", Value::object({{"reason", "x"}})});
  CHECK(lifecycle_event("w", supervision::WasAdopted{supervision::Pid{5}}) ==
        LifecycleEvent{"worker_adopted", "w", Value::object({{"pid", 5}})});
}

TEST_CASE("what is only logged is no event") {
  CHECK(lifecycle_event("w", supervision::WillRestart{5s, 1, 10}) == std::nullopt);
  CHECK(lifecycle_event("w", supervision::HasRecovered{}) == std::nullopt);
  CHECK(lifecycle_event("w", supervision::WasKilled{}) == std::nullopt);
  CHECK(lifecycle_event("w", supervision::IsDegraded{}) == std::nullopt);
  CHECK(lifecycle_event("w", supervision::CannotBeStopped{}) == std::nullopt);
}

}  // namespace vj::supervisor_host
