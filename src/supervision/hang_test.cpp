#include <doctest/doctest.h>

#include "support/supervised.hpp"

namespace vj::supervision {

namespace {

const Actions kKilledAsHung{SendSignal{Generation{1}, Signal::kKill},
                            Announce{HasCrashed{std::nullopt, "no heartbeat for 15s", 0}},
                            Announce{WillRestart{5s, 1, 10}}};

}  // namespace

TEST_CASE("fifteen seconds of silence raise a suspicion, and a second look 250 ms later kills the group") {
  Supervised worker = running_worker();  // beats at 0 s
  CHECK(worker(14s, Tick{}).empty());
  CHECK(worker(15s + 1ns, Tick{}).empty());
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s + 250ms + 1ns));
  CHECK(worker(15s + 250ms, Tick{}).empty());
  CHECK(worker(15s + 251ms, Tick{}) == kKilledAsHung);
  CHECK(worker.state() == "stopping");
}

TEST_CASE("a hung worker backs off like a crashed one once it is gone") {
  Supervised worker = running_worker();
  worker(16s, Tick{});
  worker(17s, Tick{});
  CHECK(worker(17s, Exited{worker.generation(), -9}).empty());
  CHECK(worker.state() == "backing_off");
  CHECK(reason_of(worker.worker) == "crashed (no heartbeat for 15s)");
  CHECK(worker(22s, Tick{}) == Actions{Spawn{Generation{2}}});
}

TEST_CASE("a beat between the two looks saves the worker") {
  Supervised worker = running_worker();
  worker(15s + 1ns, Tick{});
  worker(15s + 100ms, worker.beat(15s + 100ms));
  CHECK(worker(15s + 300ms, Tick{}).empty());
  CHECK(worker.state() == "running");
}

TEST_CASE("a worker that never beats is hung fifteen seconds after its start") {
  Supervised worker;
  worker(0s, StartRequested{});
  worker(0s, Spawned{Generation{1}, Pid{77}});
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s));
  worker(15s, Tick{});
  CHECK(worker(15s + 250ms, Tick{}) == kKilledAsHung);
}

TEST_CASE("a beat that is older than the last one proves nothing") {
  Supervised worker = running_worker();
  worker(10s, worker.beat(0s));
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s + 1ns));
}

TEST_CASE("a beat whose progress counter stands still proves nothing") {
  Supervised worker = running_worker();
  worker(5s, Heartbeat{worker.generation(), at(5s), 7, ReportedStatus::kRunning, {}});
  worker(10s, Heartbeat{worker.generation(), at(10s), 7, ReportedStatus::kRunning, {}});
  CHECK(next_deadline(worker.worker, worker.policy) == at(20s));
  worker(10s, Heartbeat{worker.generation(), at(10s), 8, ReportedStatus::kRunning, {}});
  CHECK(next_deadline(worker.worker, worker.policy) == at(25s));
}

TEST_CASE("when the supervisor itself was late, silence is excused for one more round") {
  Supervised worker = running_worker();
  CHECK(worker(100s, Tick{.supervisor_was_late = true}).empty());
  CHECK(next_deadline(worker.worker, worker.policy) == at(105s));
  worker(105s, Tick{});
  CHECK(worker(105s + 250ms, Tick{}) == kKilledAsHung);
}

TEST_CASE("a supervisor that is late for the second look excuses too") {
  Supervised worker = running_worker();
  worker(15s + 1ns, Tick{});
  worker(60s, Tick{.supervisor_was_late = true});
  CHECK(worker(60s + 250ms, Tick{}).empty());
}

TEST_CASE("with auto-heal off a hung worker is shown and left alone, until it beats again") {
  Supervised worker = running_worker({.auto_heal = false});
  worker(15s + 1ns, Tick{});
  CHECK(worker(16s, Tick{}) == Actions{Announce{IsDegraded{"no heartbeat"}}});
  CHECK(worker.state() == "degraded");
  CHECK(next_deadline(worker.worker, worker.policy) == std::nullopt);
  CHECK(worker(60s, worker.beat(60s)) == Actions{Announce{HasRecovered{}}});
}

TEST_CASE("who is hung or ill and left alone is said to be, for as long as auto-heal is off") {
  Supervised hung = running_worker({.auto_heal = false});
  hung(16s, Tick{});
  hung(17s, Tick{});
  CHECK(reason_of(hung.worker, hung.policy) == "no heartbeat, auto-heal off");
  CHECK(reason_of(hung.worker, Policy{}) == "no heartbeat");
  Supervised ill = running_worker({.auto_heal = false});
  ill(10s, HealthFailed{ill.generation(), "http 503", false});
  CHECK(reason_of(ill.worker, ill.policy) == "http 503");
  ill(20s, HealthFailed{ill.generation(), "http 503", true});
  CHECK(reason_of(ill.worker, ill.policy) == "http 503, auto-heal off");
  ill(30s, HealthRecovered{ill.generation()});
  CHECK(reason_of(ill.worker, ill.policy).empty());
  Supervised crashed = running_worker({.auto_heal = false});
  crashed(10s, Exited{crashed.generation(), 1});
  CHECK(reason_of(crashed.worker, crashed.policy) == "crashed (exit code: 1), auto-heal off");
  CHECK(reason_of(crashed.worker, Policy{}) == "crashed (exit code: 1)");
}

TEST_CASE("a hung worker that was left alone is killed after two more looks once auto-heal is switched on") {
  Supervised worker = running_worker({.auto_heal = false});
  worker(16s, Tick{});
  worker(17s, Tick{});
  REQUIRE(worker.state() == "degraded");
  worker.policy.auto_heal = true;
  REQUIRE(next_deadline(worker.worker, worker.policy));
  CHECK(*next_deadline(worker.worker, worker.policy) <= at(60s));
  CHECK(worker(60s, Tick{}).empty());
  CHECK(next_deadline(worker.worker, worker.policy) == at(60s + 250ms));
  CHECK(worker(60s + 250ms, Tick{}) == kKilledAsHung);
}

TEST_CASE("a hung worker that beats between those looks has recovered") {
  Supervised worker = running_worker({.auto_heal = false});
  worker(16s, Tick{});
  worker(17s, Tick{});
  worker.policy.auto_heal = true;
  worker(60s, Tick{});
  CHECK(worker(60s + 100ms, worker.beat(60s + 100ms)) == Actions{Announce{HasRecovered{}}});
  CHECK(worker(60s + 300ms, Tick{}).empty());
}

TEST_CASE("that a hung worker beats again is not taken in silently") {
  Supervised worker = running_worker({.auto_heal = false});
  worker(10s, worker.beat(10s));
  CHECK(beat_again(worker.worker, worker.generation(), at(11s), {}));
  worker(26s, Tick{});
  worker(27s, Tick{});
  REQUIRE(worker.state() == "degraded");
  const Worker hung = worker.worker;
  CHECK_FALSE(beat_again(worker.worker, worker.generation(), at(28s), {}));
  CHECK(worker.worker == hung);
}

TEST_CASE("an app is never hung") {
  Supervised app{{.heartbeat = false}, {}};
  app(0s, StartRequested{});
  app(0s, Spawned{Generation{1}, Pid{77}});
  CHECK(app(24h, Tick{}).empty());
  CHECK(app(24h, Tick{.supervisor_was_late = true}).empty());
  CHECK(app.state() == "running");
}

}  // namespace vj::supervision
