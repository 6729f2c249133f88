#include <doctest/doctest.h>

#include "support/supervised.hpp"

namespace vj::supervision {

TEST_CASE("a worker that crashes is started again after five seconds, not before") {
  Supervised worker = running_worker();
  CHECK(worker(10s, Exited{worker.generation(), 1}) ==
        Actions{Announce{HasCrashed{1, "", 0}}, Announce{WillRestart{5s, 1, 10}}});
  CHECK(worker.state() == "backing_off");
  CHECK(reason_of(worker.worker) == "crashed (exit code: 1)");
  CHECK(worker(14s + 999ms, Tick{}).empty());
  CHECK(worker(15s, Tick{}) == Actions{Spawn{Generation{2}}});
  CHECK(worker(15s, Spawned{Generation{2}, Pid{88}}) == Actions{Announce{HasRestarted{Pid{88}, 1, 5s}}});
}

TEST_CASE("an exit with 0 that nobody asked for is a crash") {
  Supervised worker = running_worker();
  worker(10s, Exited{worker.generation(), 0});
  CHECK(worker.state() == "backing_off");
}

TEST_CASE("a worker that dies before it was ready has crashed too") {
  Supervised worker;
  worker(0s, StartRequested{});
  worker(0s, Spawned{Generation{1}, Pid{77}});
  worker(1s, Exited{Generation{1}, -11});
  CHECK(reason_of(worker.worker) == "crashed (exit code: -11)");
}

TEST_CASE("an exit that nobody could observe is retried and never taken for success") {
  Supervised worker = running_worker();
  CHECK(worker(10s, Exited{worker.generation(), std::nullopt}) ==
        Actions{Announce{HasCrashed{std::nullopt, "exit code unknown", 0}}, Announce{WillRestart{5s, 1, 10}}});
}

TEST_CASE("an exit code that is learned later completes the reason and changes nothing else") {
  Supervised worker = running_worker();
  worker(10s, Exited{worker.generation(), std::nullopt});
  CHECK(worker(11s, ExitCodeLearned{worker.generation(), -11}).empty());
  CHECK(reason_of(worker.worker) == "crashed (exit code: -11)");
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s));
}

TEST_CASE("a configuration exit code that is learned later takes the restart back") {
  Supervised worker = running_worker();
  worker(10s, Exited{worker.generation(), std::nullopt});
  worker(11s, ExitCodeLearned{worker.generation(), kExitConfiguration});
  CHECK(worker.state() == "failed");
  CHECK(worker.worker.attempts_used == 0);
}

TEST_CASE("a learned exit code does not rewrite why a hung worker was killed") {
  Supervised worker = running_worker();
  worker(16s, Tick{});
  worker(17s, Tick{});
  worker(17s, Exited{worker.generation(), -9});
  worker(18s, ExitCodeLearned{worker.generation(), -9});
  CHECK(reason_of(worker.worker) == "crashed (no heartbeat for 15s)");
}

TEST_CASE("exit code 78 is failed at once, with its reason") {
  Supervised worker = running_worker();
  const std::string reason = "configuration refused (exit code: 78): config.toml:3: unknown key 'prot'";
  CHECK(worker(10s, Exited{.generation = worker.generation(),
                           .code = 78,
                           .last_words = "config.toml:3: unknown key 'prot'"}) == Actions{Announce{HasFailed{reason}}});
  CHECK(worker.state() == "failed");
  CHECK(reason_of(worker.worker) == reason);
}

TEST_CASE("exit code 78 is a crash like others where the file is to blame, with its reason") {
  Supervised worker = running_worker();
  CHECK(worker(10s, Exited{.generation = worker.generation(),
                           .code = kExitConfiguration,
                           .last_words = "config.toml:3: expected a value",
                           .file_to_blame = true}) ==
        Actions{Announce{HasCrashed{kExitConfiguration, "", 0}}, Announce{WillRestart{5s, 1, 10}}});
  CHECK(worker.state() == "backing_off");
  CHECK(reason_of(worker.worker) == "configuration refused (exit code: 78): config.toml:3: expected a value");
  CHECK(worker(15s, Tick{}) == Actions{Spawn{Generation{2}}});
}

TEST_CASE("a configuration exit code that is learned later leaves the restart where the file is to blame") {
  Supervised worker = running_worker();
  worker(10s, Exited{worker.generation(), std::nullopt});
  worker(11s, ExitCodeLearned{worker.generation(), kExitConfiguration, true});
  CHECK(worker.state() == "backing_off");
  CHECK(reason_of(worker.worker) == "configuration refused (exit code: 78)");
}

TEST_CASE("descendants that a crashed leader left are ended before the restart") {
  Supervised worker = running_worker();
  const Actions asked = worker(10s, Exited{.generation = worker.generation(), .code = 1, .group_empty = false});
  CHECK(asked == Actions{Announce{HasCrashed{1, "", 0}}, Announce{WillRestart{5s, 1, 10}},
                         SendSignal{Generation{1}, Signal::kTerminate}});
  CHECK(worker.state() == "stopping");
  CHECK(worker(15s, Tick{}) == Actions{SendSignal{Generation{1}, Signal::kKill}, Announce{WasKilled{5s}}});
  CHECK(worker(15s, GroupEmptied{worker.generation()}).empty());
  CHECK(worker(15s, Tick{}) == Actions{Spawn{Generation{2}}});
}

TEST_CASE("ten restarts wait 5 10 20 40 80 160 300 300 300 300 s, 1515 s in all, and the eleventh crash is final") {
  Supervised worker = running_worker();
  Duration now = 10s;
  std::vector<Duration> delays;
  for (int crash = 1; crash <= 10; ++crash) {
    worker(now, Exited{worker.generation(), 1});
    REQUIRE(worker.state() == "backing_off");
    const Duration due = *next_deadline(worker.worker, worker.policy) - at(0s);
    delays.push_back(due - now);
    CHECK(worker(due - 1ns, Tick{}).empty());
    CHECK(worker(due, Tick{}) == Actions{Spawn{Generation{static_cast<std::uint64_t>(crash) + 1}}});
    worker.comes_up(due);
    now = due;
  }
  CHECK(delays == std::vector<Duration>{5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s, 300s, 300s});
  CHECK(now == 10s + 1515s);
  const std::string reason = "crashed (exit code: 1), 10 restarts used up";
  CHECK(worker(now, Exited{worker.generation(), 1}) ==
        Actions{Announce{HasCrashed{1, "", 10}}, Announce{HasFailed{reason}}});
  CHECK(worker.state() == "failed");
  CHECK(worker(now + 24h, Tick{}).empty());
}

TEST_CASE("the process manager gets exactly three restarts, two seconds apart") {
  Policy policy{.restart = {.first_delay = 2s, .longest_delay = 2s, .attempt_limit = 3}};
  Supervised manager = running_worker(policy);
  Duration now = 10s;
  for (int crash = 1; crash <= 3; ++crash) {
    manager(now, Exited{manager.generation(), 1});
    now += 2s;
    CHECK(count_of<Spawn>(manager(now, Tick{})) == 1);
    manager.comes_up(now);
  }
  manager(now, Exited{manager.generation(), 1});
  CHECK(manager.state() == "failed");
}

TEST_CASE("attempts are forgotten after ten minutes of being ready, not before") {
  Supervised worker = crashed_worker();
  worker(15s, Tick{});
  worker.comes_up(15s);
  for (Duration now = 20s; now < 615s; now += 5s) worker(now, worker.beat(now));
  worker(614s, Tick{});
  CHECK(worker.worker.attempts_used == 1);
  CHECK(next_deadline(worker.worker, worker.policy) == at(615s));
  worker(615s, Tick{});
  CHECK(worker.worker.attempts_used == 0);
}

TEST_CASE("attempts of a worker that never becomes ready are not forgotten") {
  Supervised worker = crashed_worker();
  worker(15s, Tick{});
  worker(15s, Spawned{worker.generation(), Pid{88}});
  for (Duration now = 20s; now < 1000s; now += 5s) {
    worker(now, worker.beat(now, ReportedStatus::kStarting));
    worker(now, Tick{});
  }
  CHECK(worker.worker.attempts_used == 1);
}

TEST_CASE("with auto-heal off a crash is failed and says so") {
  Supervised worker = running_worker({.auto_heal = false});
  worker(10s, Exited{worker.generation(), 1});
  CHECK(worker.state() == "failed");
  CHECK(reason_of(worker.worker) == "crashed (exit code: 1), auto-heal off");
}

TEST_CASE("what a worker said last before it crashed is a part of the reason") {
  Supervised worker = running_worker();
  worker(10s, Exited{.generation = worker.generation(), .code = 1, .last_words = "no such device: hw:7"});
  CHECK(worker.state() == "backing_off");
  CHECK(reason_of(worker.worker) == "crashed (exit code: 1): no such device: hw:7");
}

TEST_CASE("an app without restart is stopped when it ends with 0, and failed when it crashes") {
  const Policy policy{.heartbeat = false, .restart_on_crash = false};
  Supervised closed = running_worker(policy);
  CHECK(closed(10s, Exited{closed.generation(), 0}) == Actions{Announce{HasStopped{}}});
  CHECK(closed.state() == "stopped");
  CHECK(closed(11s, StartRequested{RequestedBy::kHeal}) == Actions{Refuse{"stopped on request"}});
  CHECK(closed(12s, StartRequested{}) == Actions{Spawn{Generation{2}}});
  Supervised crashed = running_worker(policy);
  crashed(10s, Exited{crashed.generation(), -11});
  CHECK(crashed.state() == "failed");
  CHECK(reason_of(crashed.worker) == "crashed (exit code: -11)");
}

TEST_CASE("a health check that fails shows the worker degraded until it passes again") {
  Supervised worker = running_worker();
  CHECK(worker(10s, HealthFailed{worker.generation(), "http 503", false}) == Actions{Announce{IsDegraded{"http 503"}}});
  CHECK(worker.state() == "degraded");
  CHECK(worker(20s, HealthRecovered{worker.generation()}) == Actions{Announce{HasRecovered{}}});
  CHECK(worker.state() == "running");
}

TEST_CASE("a health check that has failed as often as it may stops the worker and restarts it like after a crash") {
  Supervised worker = running_worker();
  const Actions asked = worker(10s, HealthFailed{worker.generation(), "http 503", true});
  CHECK(asked == Actions{Announce{HasCrashed{std::nullopt, "http 503", 0}}, Announce{WillRestart{5s, 1, 10}},
                         SendSignal{Generation{1}, Signal::kTerminate}});
  worker(11s, Exited{worker.generation(), 0});
  CHECK(worker.state() == "backing_off");
  CHECK(next_deadline(worker.worker, worker.policy) == at(15s));
}

TEST_CASE("with auto-heal off a failing health check is only shown") {
  Supervised worker = running_worker({.auto_heal = false});
  worker(10s, HealthFailed{worker.generation(), "http 503", true});
  CHECK(worker.state() == "degraded");
}

}  // namespace vj::supervision
