#include <doctest/doctest.h>

#include "support/supervised.hpp"

namespace vj::supervision {

namespace {

constexpr Generation kCurrent{3};

std::vector<Worker> every_phase() {
  const Process process{kCurrent, Pid{42}, at(0s)};
  const HeartbeatWatch watch{.last_beat = at(0s)};
  HeartbeatWatch suspected = watch;
  suspected.suspected_at = at(99s);
  HeartbeatWatch hung = watch;
  hung.hung = true;
  std::vector<Phase> phases{
      Stopped{},
      Spawning{.generation = kCurrent, .since = at(0s)},
      Spawning{.generation = kCurrent, .since = at(0s), .stop_requested = true},
      Starting{process, watch},
      Starting{process, suspected},
      Starting{process, hung},
      Running{.process = process, .watch = watch, .ready_since = at(0s)},
      Running{.process = process, .watch = suspected, .ready_since = at(0s)},
      Running{.process = process, .watch = hung, .ready_since = at(0s)},
      Running{.process = process, .watch = watch, .ready_since = at(0s), .complaint = "no token", .ill_health = "503"},
      BackingOff{at(90s), 5s, "crashed (exit code: 1)"},
      BackingOff{at(200s), 5s, "crashed (exit code unknown)", true},
      Failed{"crashed"},
      Unknown{"x"}};
  for (const Afterwards& afterwards : std::vector<Afterwards>{Stopped{}, StartAgain{}, StartAgain{true},
                                                              BackingOff{at(110s), 5s, "hung"}, Failed{"x"}}) {
    for (const bool leader_gone : {false, true}) {
      for (const bool killed : {false, true}) {
        phases.push_back(Stopping{process, at(95s), leader_gone, killed, afterwards});
      }
    }
  }
  std::vector<Worker> workers;
  for (const Phase& phase : phases) {
    for (const int attempts : {0, 5, 10}) {
      for (const Intent intent : {Intent::kNone, Intent::kRun, Intent::kStop}) {
        workers.push_back({phase, attempts, kCurrent, intent});
      }
    }
  }
  return workers;
}

std::vector<Event> every_event() {
  std::vector<Event> events{StartRequested{RequestedBy::kPerson},
                            StartRequested{RequestedBy::kHeal},
                            StopRequested{},
                            RestartRequested{},
                            ResetRequested{},
                            CannotVerify{"y"},
                            UnverifiedGone{},
                            Tick{},
                            Tick{.supervisor_was_late = true}};
  for (const Generation generation : {Generation{2}, kCurrent, Generation{4}}) {
    events.insert(
        events.end(),
        {Spawned{generation, Pid{43}}, SpawnFailed{generation, "EAGAIN"}, Exited{generation, 0}, Exited{generation, 1},
         Exited{generation, 78}, Exited{generation, std::nullopt}, Exited{generation, -9, false, ""},
         GroupEmptied{generation}, SignalRefused{generation, "EPERM"}, ExitCodeLearned{generation, 1},
         ExitCodeLearned{generation, 78}, Adopted{generation, Pid{44}, at(0s)}, HealthFailed{generation, "503", false},
         HealthFailed{generation, "503", true}, HealthRecovered{generation}});
    for (const auto status : {ReportedStatus::kStarting, ReportedStatus::kRunning, ReportedStatus::kDegraded,
                              ReportedStatus::kStopping, ReportedStatus::kRestarting}) {
      events.push_back(Heartbeat{generation, at(100s), 5, status, ""});
    }
  }
  return events;
}

std::vector<Policy> every_policy() {
  std::vector<Policy> policies;
  for (const bool heartbeat : {false, true}) {
    for (const bool restart : {false, true}) {
      for (const bool heal : {false, true}) {
        policies.push_back({.heartbeat = heartbeat, .restart_on_crash = restart, .auto_heal = heal});
      }
    }
  }
  return policies;
}

bool was_alive(const Worker& worker) {
  return process_of(worker) != nullptr || std::holds_alternative<Spawning>(worker.phase);
}

// What one step may never do, whatever the phase and the event. Counts, so that millions of checks cost little.
int broken_rules(const Worker& before, const Event& event, const Step& step, const Policy& policy) {
  const Worker& after = step.next;
  const bool gone = std::holds_alternative<Exited>(event) || std::holds_alternative<GroupEmptied>(event) ||
                    std::holds_alternative<SpawnFailed>(event);
  int broken = 0;
  const int spawns = count_of<Spawn>(step.actions);
  broken += spawns > 1;
  broken += spawns == 1 && was_alive(before) && !gone;
  broken += spawns == 1 && std::holds_alternative<Unknown>(before.phase) && !policy.auto_heal;
  broken += (spawns == 1) !=
            (after.last_generation != before.last_generation && std::holds_alternative<Spawning>(after.phase));
  broken += count_of<Refuse>(step.actions) > 1;
  broken += after.last_generation < before.last_generation;
  broken += after.attempts_used < 0 || after.attempts_used > policy.restart.attempt_limit;
  for (const Action& action : step.actions) {
    const auto* signal = std::get_if<SendSignal>(&action);
    broken += signal && signal->generation != after.last_generation;
    broken += signal && std::holds_alternative<Unknown>(before.phase) && !std::holds_alternative<Adopted>(event);
  }
  if (std::holds_alternative<StopRequested>(event)) {
    broken += after.intent != Intent::kStop;
    const auto* stopping = std::get_if<Stopping>(&after.phase);
    const auto* spawning = std::get_if<Spawning>(&after.phase);
    broken += stopping && !std::holds_alternative<Stopped>(stopping->afterwards);
    broken += spawning && !spawning->stop_requested;
    broken += std::holds_alternative<Running>(after.phase) || std::holds_alternative<Starting>(after.phase) ||
              std::holds_alternative<BackingOff>(after.phase);
  }
  return broken;
}

}  // namespace

TEST_CASE("no event in any phase under any policy breaks a rule") {
  int steps = 0;
  for (const Policy& policy : every_policy()) {
    for (const Worker& worker : every_phase()) {
      for (const Event& event : every_event()) {
        const Step done = step(worker, event, at(100s), policy);
        REQUIRE(broken_rules(worker, event, done, policy) == 0);
        REQUIRE_FALSE(state_of(done.next).empty());
        ++steps;
      }
    }
  }
  CHECK(steps > 100'000);
}

TEST_CASE("a tick at its deadline never leaves the same deadline behind") {
  for (const Policy& policy : every_policy()) {
    for (const Worker& worker : every_phase()) {
      const auto deadline = next_deadline(worker, policy);
      if (!deadline) continue;
      const Worker after = step(worker, Tick{}, *deadline, policy).next;
      const auto next = next_deadline(after, policy);
      REQUIRE_FALSE(next == deadline);
    }
  }
}

TEST_CASE("failed and unknown workers need no reason looked up elsewhere") {
  for (const Worker& worker : every_phase()) {
    const auto state = state_of(worker);
    if (state == "failed" || state == "unknown" || state == "degraded" || state == "backing_off") {
      CHECK_FALSE(reason_of(worker).empty());
    }
  }
}

TEST_CASE("a beat with nothing new in it changes in place what step would change, in every phase") {
  int in_place = 0;
  for (const Policy& policy : every_policy()) {
    for (const Worker& worker : every_phase()) {
      for (const std::optional<std::uint64_t> progress : {std::optional<std::uint64_t>(5), {}}) {
        // What it said last; then the same again.
        const Heartbeat said{kCurrent, at(99s), 4, ReportedStatus::kDegraded, "no token"};
        const Worker before = step(worker, said, at(99s), policy).next;
        Heartbeat again = said;
        again.beat = at(100s);
        again.progress = progress;
        Worker after = before;
        const bool done = beat_again(after, kCurrent, again.beat, progress);
        in_place += done;
        const Step full = step(before, again, at(100s), policy);
        REQUIRE(after == (done ? full.next : before));
        if (done) REQUIRE(full.actions.empty());
        Worker untouched = before;
        REQUIRE_FALSE(beat_again(untouched, Generation{2}, again.beat, progress));
        REQUIRE(untouched == before);
      }
    }
  }
  CHECK(in_place > 1000);
}

}  // namespace vj::supervision
