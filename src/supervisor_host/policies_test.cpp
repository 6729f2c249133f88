#include "supervisor_host/policies.hpp"

#include <doctest/doctest.h>

namespace vj::supervisor_host {

TEST_CASE("a built-in worker is supervised by the guide's numbers") {
  const supervision::Policy policy = policy_of({}, true);
  CHECK(policy.restart == supervision::RestartPolicy{5s, 300s, 10});
  CHECK(policy.heartbeat_timeout == 15s);
  CHECK(policy.stop_timeout == 5s);
  CHECK(policy.reset_after == 600s);
  CHECK(policy.heartbeat);
  CHECK(policy.restart_on_crash);
  CHECK(policy.auto_heal);
}

TEST_CASE("an app has no heartbeat, and is restarted only where it says so") {
  config::Worker app;
  app.kind = config::WorkerKind::kApp;
  app.restart = false;
  CHECK_FALSE(policy_of(app, true).heartbeat);
  CHECK_FALSE(policy_of(app, true).restart_on_crash);
}

TEST_CASE("an excused round is long enough for a beat to arrive, however short the checks are") {
  config::Worker worker;
  worker.supervision.check_interval = 100ms;
  CHECK(policy_of(worker, true).check_interval == 6s);
}

TEST_CASE("auto-heal is one switch for all") { CHECK_FALSE(policy_of({}, false).auto_heal); }

}  // namespace vj::supervisor_host
