#include <doctest/doctest.h>

#include "support/supervised.hpp"

namespace vj::supervision {

TEST_CASE("an adopted worker is one that runs, flagged as adopted") {
  Supervised worker;
  CHECK(worker(100s, Adopted{Generation{7}, Pid{55}, at(0s)}) == Actions{Announce{WasAdopted{Pid{55}}}});
  worker(100s, worker.beat(99s));
  CHECK(worker.state() == "running");
  CHECK(*process_of(worker.worker) == Process{Generation{7}, Pid{55}, at(0s), true});
}

TEST_CASE("an adopted worker has one round to beat before anybody suspects it") {
  Supervised worker;
  worker(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  CHECK(next_deadline(worker.worker, worker.policy) == at(105s));
}

TEST_CASE("an adopted worker that dies is restarted like a born one") {
  Supervised worker;
  worker(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  worker(101s, Exited{Generation{7}, std::nullopt});
  CHECK(worker.state() == "backing_off");
  CHECK(worker(106s, Tick{}) == Actions{Spawn{Generation{8}}});
}

TEST_CASE("an adopted app is running at once") {
  Supervised app{{.heartbeat = false}, {}};
  app(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  CHECK(app.state() == "running");
}

TEST_CASE("an adopted app without restart that ends unobserved is stopped, like one that was closed") {
  Supervised app{{.heartbeat = false, .restart_on_crash = false}, {}};
  app(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  app(101s, Exited{Generation{7}, std::nullopt});
  CHECK(app.state() == "stopped");
  CHECK(app(102s, StartRequested{RequestedBy::kHeal}) == Actions{Refuse{"stopped on request"}});
}

TEST_CASE("an app that a person opened elsewhere and closes is stopped, even one that is restarted when it crashes") {
  for (const std::optional<int> code : std::vector<std::optional<int>>{std::nullopt, 0, -11, kExitConfiguration}) {
    Supervised app{{.heartbeat = false}, {}};
    app(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
    CHECK(app(101s, Exited{Generation{7}, code}) == Actions{Announce{HasStopped{}}});
    CHECK(app.state() == "stopped");
  }
}

TEST_CASE("an app that a person opens again after a stop, and closes, is stopped too") {
  Supervised app{{.heartbeat = false}, {}};
  app.worker.intent = Intent::kStop;
  app(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  app(101s, Exited{Generation{7}, std::nullopt});
  CHECK(app.state() == "stopped");
}

TEST_CASE("an app that was opened elsewhere is restarted when it crashes once somebody has asked us to run it") {
  Supervised app{{.heartbeat = false}, {}};
  app(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  CHECK(app(100s, StartRequested{}) == Actions{Refuse{"already running (PID: 55)"}});
  app(101s, Exited{Generation{7}, std::nullopt});
  CHECK(app.state() == "backing_off");
}

TEST_CASE("an app that an earlier process manager was asked to run is restarted when it crashes") {
  Supervised app{{.heartbeat = false}, {}};
  app.worker.intent = Intent::kRun;
  app(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  app(101s, Exited{Generation{7}, std::nullopt});
  CHECK(app.state() == "backing_off");
}

TEST_CASE("a worker that a person starts by hand while it backs off is adopted, and not started again") {
  Supervised worker = crashed_worker();
  worker(12s, Adopted{Generation{2}, Pid{55}, at(11s)});
  CHECK(worker(15s, Tick{}).empty());
  CHECK(worker.state() == "starting");
}

TEST_CASE("the attempts used before the process manager crashed still count after adoption") {
  Supervised worker;
  worker.worker.attempts_used = 9;
  worker(100s, Adopted{Generation{7}, Pid{55}, at(0s)});
  worker(101s, Exited{Generation{7}, 1});
  worker(401s, Tick{});
  worker.comes_up(401s);
  worker(402s, Exited{worker.generation(), 1});
  CHECK(worker.state() == "failed");
}

TEST_CASE("a stop that was under way when the process manager crashed goes on") {
  Supervised worker;
  worker.worker.last_generation = Generation{7};
  worker.worker.intent = Intent::kStop;
  CHECK(worker(100s, Adopted{Generation{7}, Pid{55}, at(0s)}) ==
        Actions{Announce{WasAdopted{Pid{55}}}, SendSignal{Generation{7}, Signal::kTerminate}});
}

TEST_CASE("a crash whose process was still being ended is counted once, and its restart comes when it was to come") {
  Supervised worker;
  worker.worker.attempts_used = 3;
  const BackingOff waiting{at(120s), 20s, "crashed (no heartbeat for 15s)"};
  CHECK(worker(100s, Adopted{Generation{7}, Pid{55}, at(0s), waiting}) ==
        Actions{Announce{WasAdopted{Pid{55}}}, SendSignal{Generation{7}, Signal::kTerminate}});
  worker(101s, Exited{Generation{7}, -9});
  CHECK(worker.worker.phase == Phase{waiting});
  CHECK(worker.worker.attempts_used == 3);
}

TEST_CASE("a worker that a person starts by hand after a stop is adopted and left alone") {
  Supervised worker;
  worker.worker.last_generation = Generation{7};
  worker.worker.intent = Intent::kStop;
  CHECK(worker(100s, Adopted{Generation{8}, Pid{55}, at(0s)}) == Actions{Announce{WasAdopted{Pid{55}}}});
}

TEST_CASE("a worker that has a process does not adopt another") {
  Supervised worker = running_worker();
  const Worker before = worker.worker;
  CHECK(worker(10s, Adopted{Generation{9}, Pid{55}, at(0s)}).empty());
  CHECK(worker.worker == before);
}

TEST_CASE("what cannot be verified is shown, never signalled, never doubled") {
  Supervised worker;
  CHECK(worker(0s, CannotVerify{"pid 55 of an earlier boot"}) ==
        Actions{Announce{IsUnknown{"pid 55 of an earlier boot"}}});
  CHECK(worker.state() == "unknown");
  const Actions refused{Refuse{"cannot be verified: pid 55 of an earlier boot"}};
  CHECK(worker(1s, StartRequested{}) == refused);
  CHECK(worker(1s, RestartRequested{}) == refused);
  CHECK(worker(1s, StartRequested{RequestedBy::kHeal}) == Actions{Refuse{"is unknown"}});
  CHECK(worker(1s, StopRequested{}) == refused);
  CHECK(worker(1h, Tick{}).empty());
}

TEST_CASE("an unknown worker that is verified after all is adopted") {
  Supervised worker;
  worker(0s, CannotVerify{"x"});
  worker(1s, Adopted{Generation{1}, Pid{55}, at(0s)});
  CHECK(worker.state() == "starting");
}

TEST_CASE("an unknown worker that goes away is retried if it was to run, and stopped if not") {
  Supervised wanted;
  wanted.worker.intent = Intent::kRun;
  wanted(0s, CannotVerify{"x"});
  wanted(1s, UnverifiedGone{});
  CHECK(wanted.state() == "backing_off");
  Supervised unwanted;
  unwanted(0s, CannotVerify{"x"});
  unwanted(1s, UnverifiedGone{});
  CHECK(unwanted.state() == "stopped");
}

}  // namespace vj::supervision
