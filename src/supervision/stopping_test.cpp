#include <doctest/doctest.h>

#include "support/supervised.hpp"

namespace vj::supervision {

namespace {

Supervised stopping_worker() {
  Supervised worker = running_worker();
  worker(10s, StopRequested{});
  return worker;
}

}  // namespace

TEST_CASE("a stop is SIGTERM, and SIGKILL five seconds later, not before") {
  Supervised worker = running_worker();
  CHECK(worker(10s, StopRequested{}) == Actions{SendSignal{Generation{1}, Signal::kTerminate}});
  CHECK(worker.state() == "stopping");
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s));
  CHECK(worker(14s + 999ms, Tick{}).empty());
  CHECK(worker(15s, Tick{}) == Actions{SendSignal{Generation{1}, Signal::kKill}, Announce{WasKilled{5s}}});
}

TEST_CASE("a stopped worker stays stopped, whatever its exit code") {
  for (const auto code : std::vector<std::optional<int>>{0, 1, 78, -15, -9, std::nullopt}) {
    Supervised worker = stopping_worker();
    CHECK(worker(11s, Exited{worker.generation(), code}) == Actions{Announce{HasStopped{}}});
    CHECK(worker.state() == "stopped");
    CHECK(next_deadline(worker.worker, worker.policy) == std::nullopt);
  }
}

TEST_CASE("the leader's exit does not cancel the kill of its group") {
  Supervised worker = stopping_worker();
  CHECK(worker(11s, Exited{.generation = worker.generation(), .code = 0, .group_empty = false}).empty());
  CHECK(worker.state() == "stopping");
  CHECK(worker(15s, Tick{}) == Actions{SendSignal{Generation{1}, Signal::kKill}, Announce{WasKilled{5s}}});
  CHECK(worker(15s, GroupEmptied{worker.generation()}) == Actions{Announce{HasStopped{}}});
}

TEST_CASE("a group that survives SIGKILL by forking is killed again") {
  Supervised worker = stopping_worker();
  worker(15s, Tick{});
  CHECK(worker(15s + 500ms, Tick{}).empty());
  CHECK(worker(16s, Tick{}) == Actions{SendSignal{Generation{1}, Signal::kKill}});
}

TEST_CASE("a stop cancels a pending restart in the same step") {
  Supervised worker = crashed_worker();
  CHECK(worker(12s, StopRequested{}) == Actions{Announce{HasStopped{}}});
  CHECK(worker.state() == "stopped");
  CHECK(worker(1h, Tick{}).empty());
}

TEST_CASE("stopping what does not run is refused") {
  Supervised never_started;
  CHECK(never_started(0s, StopRequested{}) == Actions{Refuse{"not running"}});
  Supervised failed = failed_worker();
  CHECK(failed(11s, StopRequested{}) == Actions{Refuse{"not running"}});
}

TEST_CASE("a second stop does not shorten or lengthen the first") {
  Supervised worker = stopping_worker();
  CHECK(worker(12s, StopRequested{}).empty());
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s));
}

TEST_CASE("a start during a stop is carried out after it") {
  Supervised worker = stopping_worker();
  CHECK(worker(11s, StartRequested{}).empty());
  CHECK(worker(12s, Exited{worker.generation(), 0}) == Actions{Announce{HasStopped{}}, Spawn{Generation{2}}});
}

TEST_CASE("a second start during a stop is refused") {
  Supervised worker = stopping_worker();
  worker(11s, StartRequested{});
  CHECK(worker(11s, StartRequested{}) == Actions{Refuse{"already starting"}});
}

TEST_CASE("a stop after a start during a stop leaves it stopped") {
  Supervised worker = stopping_worker();
  worker(11s, StartRequested{});
  worker(11s, StopRequested{});
  CHECK(worker(12s, Exited{worker.generation(), 0}) == Actions{Announce{HasStopped{}}});
}

TEST_CASE("a restart stops, then starts again, and uses no attempt") {
  Supervised worker = running_worker();
  CHECK(worker(10s, RestartRequested{}) == Actions{SendSignal{Generation{1}, Signal::kTerminate}});
  CHECK(worker(11s, Exited{worker.generation(), 0}) == Actions{Spawn{Generation{2}}});
  CHECK(worker(11s, Spawned{Generation{2}, Pid{88}}) == Actions{Announce{HasRestarted{Pid{88}, 0, 0s}}});
}

TEST_CASE("a restart of a stopped worker starts it") {
  Supervised worker;
  CHECK(worker(0s, RestartRequested{}) == Actions{Spawn{Generation{1}}});
  CHECK(worker(0s, Spawned{Generation{1}, Pid{88}}) == Actions{Announce{HasStarted{Pid{88}}}});
}

TEST_CASE("a restart does not start before the group is empty") {
  Supervised worker = running_worker();
  worker(10s, RestartRequested{});
  CHECK(worker(11s, Exited{.generation = worker.generation(), .code = 0, .group_empty = false}).empty());
  CHECK(worker(12s, GroupEmptied{worker.generation()}) == Actions{Spawn{Generation{2}}});
}

TEST_CASE("a stop that arrives while a spawn is under way is obeyed as soon as there is a process") {
  Supervised worker;
  worker(0s, StartRequested{});
  CHECK(worker(0s, StopRequested{}).empty());
  CHECK(worker(0s, Spawned{Generation{1}, Pid{77}}) == Actions{SendSignal{Generation{1}, Signal::kTerminate}});
  CHECK(worker(1s, Exited{Generation{1}, -15}) == Actions{Announce{HasStopped{}}});
}

TEST_CASE("a stop that arrives while a spawn is under way cancels the retry of a failed one") {
  Supervised worker;
  worker(0s, StartRequested{});
  worker(0s, StopRequested{});
  CHECK(worker(0s, SpawnFailed{Generation{1}, "x"}) == Actions{Announce{HasStopped{}}});
}

TEST_CASE("a worker that was told to shut down directly is stopped, not crashed") {
  Supervised worker = running_worker();
  CHECK(worker(10s, worker.beat(10s, ReportedStatus::kStopping)).empty());
  CHECK(worker.state() == "stopping");
  CHECK(worker(11s, Exited{worker.generation(), 0}) == Actions{Announce{HasStopped{}}});
  CHECK(worker(12s, StartRequested{RequestedBy::kHeal}) == Actions{Refuse{"stopped on request"}});
}

TEST_CASE("a worker that was told to restart directly is started again at once, without an attempt") {
  Supervised worker = running_worker();
  worker(10s, worker.beat(10s, ReportedStatus::kRestarting));
  CHECK(worker(11s, Exited{worker.generation(), 0}) == Actions{Spawn{Generation{2}}});
  CHECK(worker.worker.attempts_used == 0);
}

TEST_CASE("a worker that said it stops but does not is killed after the stop timeout") {
  Supervised worker = running_worker();
  worker(10s, worker.beat(10s, ReportedStatus::kStopping));
  CHECK(worker(15s, Tick{}) == Actions{SendSignal{Generation{1}, Signal::kKill}, Announce{WasKilled{5s}}});
}

TEST_CASE("a beat during a stop changes nothing") {
  Supervised worker = stopping_worker();
  const Worker before = worker.worker;
  worker(11s, worker.beat(11s));
  CHECK(worker.worker == before);
}

TEST_CASE("a process that we may not signal is said to run on, never to have been killed") {
  Supervised app{{.heartbeat = false}, {}};
  app(0s, Adopted{Generation{1}, Pid{55}, at(0s)});
  CHECK(app(10s, StopRequested{}) == Actions{SendSignal{Generation{1}, Signal::kTerminate}});
  CHECK(app(10s, SignalRefused{Generation{1}, "Operation not permitted"}) ==
        Actions{Announce{CannotBeStopped{"Operation not permitted"}}});
  CHECK(app.state() == "running");
  CHECK(app(60s, Tick{}).empty());
  CHECK(app(61s, Exited{Generation{1}, std::nullopt}) == Actions{Announce{HasStopped{}}});
}

}  // namespace vj::supervision
