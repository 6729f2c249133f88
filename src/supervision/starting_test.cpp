#include <doctest/doctest.h>

#include "support/supervised.hpp"

namespace vj::supervision {

TEST_CASE("a start request spawns the first generation") {
  Supervised worker;
  CHECK(worker(0s, StartRequested{}) == Actions{Spawn{Generation{1}}});
  CHECK(worker.state() == "starting");
}

TEST_CASE("a spawned worker is starting until it beats as running") {
  Supervised worker;
  worker(0s, StartRequested{});
  CHECK(worker(0s, Spawned{Generation{1}, Pid{77}}) == Actions{Announce{HasStarted{Pid{77}}}});
  CHECK(worker.state() == "starting");
  worker(1s, worker.beat(1s, ReportedStatus::kStarting));
  CHECK(worker.state() == "starting");
  worker(2s, worker.beat(2s));
  CHECK(worker.state() == "running");
}

TEST_CASE("an app is running as soon as it is spawned, and nothing is due after that") {
  Supervised app{{.heartbeat = false}, {}};
  app(0s, StartRequested{});
  app(0s, Spawned{Generation{1}, Pid{77}});
  CHECK(app.state() == "running");
  CHECK(next_deadline(app.worker, app.policy) == std::nullopt);
  CHECK(app(1h, Tick{}).empty());
}

TEST_CASE("a second start is refused and names the process") {
  Supervised worker = running_worker();
  CHECK(worker(1s, StartRequested{}) == Actions{Refuse{"already running (PID: 4001)"}});
  CHECK(worker.state() == "running");
}

TEST_CASE("a second start before the first is spawned is refused") {
  Supervised worker;
  worker(0s, StartRequested{});
  CHECK(worker(0s, StartRequested{}) == Actions{Refuse{"already starting"}});
}

TEST_CASE("a start that cannot be spawned counts as a failure and backs off") {
  Supervised worker;
  worker(0s, StartRequested{});
  CHECK(worker(0s, SpawnFailed{Generation{1}, "no such file"}) ==
        Actions{Announce{CouldNotStart{"no such file", 0}}, Announce{WillRestart{5s, 1, 10}}});
  CHECK(worker.state() == "backing_off");
  CHECK(reason_of(worker.worker) == "could not start: no such file");
}

TEST_CASE("a person's start of a worker that backs off starts it now and forgets the attempts") {
  Supervised worker = crashed_worker();
  CHECK(worker(11s, StartRequested{}) == Actions{Spawn{Generation{2}}});
  CHECK(worker.worker.attempts_used == 0);
}

TEST_CASE("a start_all by a person forgets the attempts of a worker that runs") {
  Supervised worker = crashed_worker();
  worker(15s, Tick{});
  worker.comes_up(15s);
  REQUIRE(worker.worker.attempts_used == 1);
  worker(16s, StartRequested{});
  CHECK(worker.worker.attempts_used == 0);
}

TEST_CASE("a person's start brings a failed worker back") {
  Supervised worker = failed_worker();
  CHECK(worker(11s, StartRequested{}) == Actions{Spawn{Generation{2}}});
}

TEST_CASE("healing starts what was never started") {
  Supervised worker;
  CHECK(worker(0s, StartRequested{RequestedBy::kHeal}) == Actions{Spawn{Generation{1}}});
}

TEST_CASE("healing starts nothing that a person had stopped") {
  Supervised worker = running_worker();
  worker(1s, StopRequested{});
  worker(2s, Exited{worker.generation(), 0});
  CHECK(worker(3s, StartRequested{RequestedBy::kHeal}) == Actions{Refuse{"stopped on request"}});
}

TEST_CASE("healing starts nothing that has failed") {
  Supervised worker = failed_worker();
  CHECK(worker(11s, StartRequested{RequestedBy::kHeal}) ==
        Actions{Refuse{"failed: configuration refused (exit code: 78)"}});
}

TEST_CASE("healing neither hurries a restart nor forgets an attempt") {
  Supervised worker = crashed_worker();
  CHECK(worker(11s, StartRequested{RequestedBy::kHeal}) == Actions{Refuse{"restarts by itself"}});
  CHECK(worker.worker.attempts_used == 1);
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s));
}

TEST_CASE("a reset forgets the attempts of a failed worker and leaves it stopped") {
  Policy impatient;
  impatient.restart.attempt_limit = 0;
  Supervised worker = crashed_worker(impatient);
  REQUIRE(worker.state() == "failed");
  CHECK(worker(11s, ResetRequested{}).empty());
  CHECK(worker.state() == "stopped");
}

TEST_CASE("a reset while a worker backs off leaves its restart where it was") {
  Supervised worker = crashed_worker();
  worker(11s, ResetRequested{});
  CHECK(worker.worker.attempts_used == 0);
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s));
}

TEST_CASE("what is reported of an earlier generation changes nothing") {
  Supervised worker = crashed_worker();
  worker(15s, Tick{});
  worker.comes_up(15s);
  const Worker before = worker.worker;
  const Generation old{1};
  for (const Event& event :
       std::vector<Event>{Spawned{old, Pid{9}}, SpawnFailed{old, "late"}, Exited{old, 1}, GroupEmptied{old},
                          ExitCodeLearned{old, 78}, HealthFailed{old, "x", true}, HealthRecovered{old},
                          Heartbeat{old, at(16s), {}, ReportedStatus::kStopping, {}}}) {
    CHECK(worker(16s, event).empty());
    CHECK(worker.worker == before);
  }
}

TEST_CASE("a worker that says it is degraded is shown so, with its reason, until it recovers") {
  Supervised worker = running_worker();
  const Heartbeat degraded{worker.generation(), at(1s), {}, ReportedStatus::kDegraded, "Spotify token expired"};
  CHECK(worker(1s, degraded) == Actions{Announce{IsDegraded{"Spotify token expired"}}});
  CHECK(worker.state() == "degraded");
  CHECK(reason_of(worker.worker) == "Spotify token expired");
  CHECK(worker(6s, degraded).empty());
  CHECK(worker(11s, worker.beat(11s)) == Actions{Announce{HasRecovered{}}});
  CHECK(worker.state() == "running");
}

}  // namespace vj::supervision
