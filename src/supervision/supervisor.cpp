#include "supervision/supervisor.hpp"

#include <algorithm>
#include <utility>

#include "base/exit_code.hpp"
#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "supervision/log_lines.hpp"

namespace vj::supervision {

namespace {

constexpr std::string_view kNotHealed = ", auto-heal off";

// Whether it would be restarted if anybody were healed.
bool is_left_alone(const Worker& worker, const Policy& policy) {
  if (const auto* starting = std::get_if<Starting>(&worker.phase)) return starting->watch.hung;
  const auto* running = std::get_if<Running>(&worker.phase);
  return running != nullptr && (running->watch.hung || (running->is_ill && policy.restart_on_crash));
}

std::optional<Time> earlier(std::optional<Time> a, Time b) { return a ? std::min(*a, b) : b; }

// One step in the making: the worker as it becomes, and the actions so far.
class Turn {
 public:
  Turn(const Worker& worker, Time now, const Policy& policy) : worker_(worker), now_(now), policy_(policy) {}

  void on(const StartRequested& request) {
    if (request.by == RequestedBy::kHeal) return heal();
    if (const auto* unknown = in<Unknown>()) return refuse("cannot be verified: " + unknown->reason);
    want_it_to_run();
    if (auto* spawning = in<Spawning>()) {
      if (!std::exchange(spawning->stop_requested, false)) refuse("already starting");
    } else if (auto* stopping = in<Stopping>()) {
      if (std::holds_alternative<StartAgain>(stopping->afterwards)) return refuse("already starting");
      stopping->afterwards = StartAgain{.after_stop = std::holds_alternative<Stopped>(stopping->afterwards)};
    } else if (const Process* process = process_of(worker_)) {
      refuse(format("already running (PID: {})", process->pid.number));
    } else {
      spawn(false, {});
    }
  }

  void on(const StopRequested&) {
    worker_.intent = Intent::kStop;
    if (in<BackingOff>()) return settle(Stopped{});
    if (auto* spawning = in<Spawning>()) {
      spawning->stop_requested = true;
    } else if (auto* stopping = in<Stopping>()) {
      stopping->afterwards = Stopped{};
    } else if (const auto* unknown = in<Unknown>()) {
      refuse("cannot be verified: " + unknown->reason);
    } else if (const Process* process = process_of(worker_)) {
      begin_stop(*process, Stopped{});
    } else {
      refuse("not running");
    }
  }

  void on(const RestartRequested&) {
    if (const auto* unknown = in<Unknown>()) return refuse("cannot be verified: " + unknown->reason);
    want_it_to_run();
    if (auto* spawning = in<Spawning>()) {
      spawning->stop_requested = false;
    } else if (auto* stopping = in<Stopping>()) {
      stopping->afterwards = StartAgain{};
    } else if (const Process* process = process_of(worker_)) {
      begin_stop(*process, StartAgain{});
    } else {
      spawn(!in<Stopped>(), {});
    }
  }

  void on(const ResetRequested&) {
    worker_.attempts_used = 0;
    if (in<Failed>()) worker_.phase = Stopped{};
  }

  void on(const Spawned& spawned) {
    const auto* spawning = in<Spawning>();
    if (!spawning || spawning->generation != spawned.generation) return;
    const Spawning was = *spawning;
    const Process process{.generation = spawned.generation, .pid = spawned.pid, .since = now_};
    if (was.stop_requested) return begin_stop(process, Stopped{});
    if (was.is_restart) {
      announce(HasRestarted{spawned.pid, worker_.attempts_used, was.backoff});
    } else {
      announce(HasStarted{spawned.pid});
    }
    enter(process, {.last_beat = now_});
  }

  void on(const SpawnFailed& failure) {
    const auto* spawning = in<Spawning>();
    if (!spawning || spawning->generation != failure.generation) return;
    if (spawning->stop_requested) return settle(Stopped{});
    announce(CouldNotStart{failure.reason, worker_.attempts_used});
    settle(try_again("could not start: " + failure.reason, false));
  }

  void on(const Exited& exited) {
    const Process* process = current(exited.generation);
    if (!process) return;
    if (auto* stopping = in<Stopping>()) {
      stopping->leader_gone = true;
      if (exited.group_empty) settle(Afterwards(stopping->afterwards));
      return;
    }
    const Process gone = *process;
    const Afterwards afterwards = after_unasked(gone, exited);
    if (exited.group_empty) return settle(afterwards);
    // What the leader left behind holds its ports and devices: nothing starts before the group is empty.
    begin_stop(gone, afterwards);
    in<Stopping>()->leader_gone = true;
  }

  void on(const GroupEmptied& emptied) {
    const auto* stopping = in<Stopping>();
    if (stopping && stopping->leader_gone && stopping->process.generation == emptied.generation) {
      settle(Afterwards(stopping->afterwards));
    }
  }

  // It runs on, and nobody waits for an end that cannot be brought about.
  void on(const SignalRefused& refused) {
    const auto* stopping = in<Stopping>();
    if (!stopping || stopping->leader_gone || stopping->process.generation != refused.generation) return;
    const Process process = stopping->process;
    worker_.intent = Intent::kNone;
    announce(CannotBeStopped{refused.reason});
    enter(process, {.last_beat = now_});
  }

  // The restart has been decided without the code, so that nobody waited for it; only the code for a wrong
  // configuration changes the decision.
  void on(const ExitCodeLearned& learned) {
    if (learned.generation != worker_.last_generation) return;
    auto* stopping = in<Stopping>();
    auto* backing_off = stopping ? std::get_if<BackingOff>(&stopping->afterwards) : in<BackingOff>();
    if (!backing_off || !backing_off->exit_unobserved) return;
    if (learned.code != kExitConfiguration || learned.file_to_blame) {
      backing_off->reason =
          learned.file_to_blame ? configuration_refused({}) : format("crashed ({})", exit_words(learned.code));
      backing_off->exit_unobserved = false;
      return;
    }
    worker_.attempts_used = std::max(0, worker_.attempts_used - 1);
    const Failed failed{configuration_refused({})};
    if (stopping) {
      stopping->afterwards = failed;
    } else {
      settle(failed);
    }
  }

  void on(const Heartbeat& heartbeat) {
    const Process* process = current(heartbeat.generation);
    if (!process || in<Stopping>()) return;
    const Process beating = *process;
    note_beat(*watch(), heartbeat.beat, heartbeat.progress);
    switch (heartbeat.status) {
      case ReportedStatus::kStarting:
        return;
      case ReportedStatus::kStopping:
        worker_.intent = Intent::kStop;
        return let_go(beating, Stopped{});
      case ReportedStatus::kRestarting:
        return let_go(beating, StartAgain{});
      case ReportedStatus::kRunning:
        become_ready();
        in<Running>()->complaint.clear();
        return;
      case ReportedStatus::kDegraded:
        become_ready();
        in<Running>()->complaint = heartbeat.reason.empty() ? "degraded" : heartbeat.reason;
        return;
    }
  }

  void on(const Adopted& adopted) {
    if (!has_no_process() || adopted.generation < worker_.last_generation) return;
    // A process that an earlier process manager was still ending is ended by this one.
    const bool stop_goes_on = worker_.intent == Intent::kStop && adopted.generation == worker_.last_generation;
    worker_.last_generation = adopted.generation;
    announce(WasAdopted{adopted.pid});
    const Process process{adopted.generation, adopted.pid, adopted.since, true};
    if (adopted.afterwards) return begin_stop(process, *adopted.afterwards);
    if (stop_goes_on) return begin_stop(process, Stopped{});
    // A worker of ours is to run, whoever has started it. An app is a person's, unless we were asked to run it.
    if (policy_.heartbeat) {
      worker_.intent = Intent::kRun;
    } else if (worker_.intent == Intent::kStop) {
      worker_.intent = Intent::kNone;
    }
    HeartbeatWatch fresh{.last_beat = adopted.since};
    excuse(fresh, now_, policy_);
    enter(process, fresh);
  }

  void on(const CannotVerify& found) {
    if (!has_no_process()) return;
    if (!in<Unknown>()) announce(IsUnknown{found.reason});
    worker_.phase = Unknown{found.reason};
  }

  void on(const UnverifiedGone&) {
    if (!in<Unknown>()) return;
    if (worker_.intent == Intent::kRun) return settle(crash(std::nullopt, exit_words(std::nullopt)));
    worker_.phase = Stopped{};
  }

  void on(const HealthFailed& failure) {
    auto* running = in<Running>();
    if (!running || running->process.generation != failure.generation) return;
    running->ill_health = failure.reason;
    running->is_ill |= failure.confirmed;
    if (!failure.confirmed || !policy_.auto_heal || !policy_.restart_on_crash) return;
    const Process ill = running->process;
    begin_stop(ill, crash(std::nullopt, failure.reason));
  }

  void on(const HealthRecovered& recovered) {
    auto* running = in<Running>();
    if (!running || running->process.generation != recovered.generation) return;
    running->ill_health.clear();
    running->is_ill = false;
  }

  void on(const Tick& tick) {
    if (const auto* backing_off = in<BackingOff>()) {
      if (now_ >= backing_off->restart_at) spawn(true, backing_off->delay);
    } else if (in<Stopping>()) {
      kill_if_due();
    } else if (in<Starting>() || in<Running>()) {
      if (policy_.heartbeat) look(tick.supervisor_was_late);
      const auto* running = in<Running>();
      if (running && !running->watch.hung && now_ >= running->ready_since + policy_.reset_after) {
        worker_.attempts_used = 0;
      }
    }
  }

  Step take(std::string_view state_before) {
    const bool was_degraded = state_before == "degraded";
    const std::string_view state = state_of(worker_);
    if (!was_degraded && state == "degraded") announce(IsDegraded{reason_of(worker_)});
    if (was_degraded && state == "running") announce(HasRecovered{});
    return {std::move(worker_), std::move(actions_)};
  }

 private:
  template <class P>
  P* in() {
    return std::get_if<P>(&worker_.phase);
  }

  const Process* current(Generation generation) const {
    const Process* process = process_of(worker_);
    return process && process->generation == generation ? process : nullptr;
  }

  bool has_no_process() { return in<Stopped>() || in<BackingOff>() || in<Failed>() || in<Unknown>(); }

  HeartbeatWatch* watch() {
    if (auto* running = in<Running>()) return &running->watch;
    auto* starting = in<Starting>();
    return starting ? &starting->watch : nullptr;
  }

  void announce(Happening what) { actions_.emplace_back(Announce{std::move(what)}); }
  void refuse(std::string reason) { actions_.emplace_back(Refuse{std::move(reason)}); }
  void signal(Generation generation, Signal which) { actions_.emplace_back(SendSignal{generation, which}); }

  void want_it_to_run() {
    worker_.intent = Intent::kRun;
    worker_.attempts_used = 0;
  }

  void heal() {
    if (const auto* failed = in<Failed>()) return refuse("failed: " + failed->reason);
    if (in<BackingOff>()) return refuse("restarts by itself");
    if (!in<Stopped>()) return refuse(format("is {}", state_of(worker_)));
    if (worker_.intent == Intent::kStop) return refuse("stopped on request");
    worker_.intent = Intent::kRun;
    spawn(false, {});
  }

  void spawn(bool is_restart, Duration backoff) {
    worker_.last_generation = Generation{worker_.last_generation.number + 1};
    worker_.phase = Spawning{worker_.last_generation, now_, is_restart, backoff};
    actions_.emplace_back(Spawn{worker_.last_generation});
  }

  void enter(Process process, HeartbeatWatch fresh) {
    worker_.phase = Starting{process, fresh};
    if (!policy_.heartbeat) become_ready();
  }

  void become_ready() {
    if (const auto* starting = in<Starting>()) {
      worker_.phase = Running{.process = starting->process, .watch = starting->watch, .ready_since = now_};
    }
  }

  // By value: the process is a part of the phase that is replaced.
  void begin_stop(Process process, Afterwards afterwards) {
    signal(process.generation, Signal::kTerminate);
    let_go(process, std::move(afterwards));
  }

  // It stops by itself, having been told directly; it gets as long as if we had asked.
  void let_go(Process process, Afterwards afterwards) {
    worker_.phase =
        Stopping{.process = process, .kill_at = now_ + policy_.stop_timeout, .afterwards = std::move(afterwards)};
  }

  void settle(const Afterwards& afterwards) {
    std::visit(Overloaded{[&](const Stopped& stopped) {
                            announce(HasStopped{});
                            worker_.phase = stopped;
                          },
                          [&](const StartAgain& again) {
                            if (again.after_stop) announce(HasStopped{});
                            spawn(!again.after_stop, {});
                          },
                          [&](const BackingOff& backing_off) { worker_.phase = backing_off; },
                          [&](const Failed& failed) {
                            announce(HasFailed{failed.reason});
                            worker_.phase = failed;
                          }},
               afterwards);
  }

  Afterwards after_unasked(const Process& gone, const Exited& exited) {
    // Closing it is what people do with what they have opened.
    if (gone.adopted && worker_.intent == Intent::kNone) {
      worker_.intent = Intent::kStop;  // and healing is not to undo it
      return Stopped{};
    }
    if (exited.code == kExitConfiguration) {
      std::string reason = configuration_refused(exited.last_words);
      if (!exited.file_to_blame) return Failed{std::move(reason)};
      announce(HasCrashed{exited.code, "", worker_.attempts_used});
      return try_again(std::move(reason), false);
    }
    // Of an adopted one it may be that nobody sees the exit code.
    if (!policy_.restart_on_crash && (exited.code == 0 || (gone.adopted && !exited.code))) {
      worker_.intent = Intent::kStop;  // a person's, and healing is not to undo it
      return Stopped{};
    }
    return crash(exited.code, exit_words(exited.code), exited.last_words);
  }

  static std::string configuration_refused(const std::string& last_words) {
    return format("configuration refused ({}){}{}", exit_words(kExitConfiguration), last_words.empty() ? "" : ": ",
                  last_words);
  }

  Afterwards crash(std::optional<int> code, const std::string& cause, const std::string& last_words = {}) {
    announce(HasCrashed{code, code ? "" : cause, worker_.attempts_used});
    const std::string_view colon = last_words.empty() ? "" : ": ";
    return try_again(format("crashed ({}){}{}", cause, colon, last_words), cause == exit_words(std::nullopt));
  }

  Afterwards try_again(std::string reason, bool exit_unobserved) {
    const RestartPolicy& restart = policy_.restart;
    if (!policy_.auto_heal) return Failed{reason + std::string(kNotHealed)};
    if (!policy_.restart_on_crash) return Failed{std::move(reason)};
    if (worker_.attempts_used >= restart.attempt_limit) {
      return Failed{format("{}, {} restarts used up", reason, restart.attempt_limit)};
    }
    const Duration delay = restart_delay(restart, ++worker_.attempts_used);
    announce(WillRestart{delay, worker_.attempts_used, restart.attempt_limit});
    return BackingOff{now_ + delay, delay, std::move(reason), exit_unobserved};
  }

  void kill_if_due() {
    auto& stopping = *in<Stopping>();
    if (now_ < stopping.kill_at) return;
    signal(stopping.process.generation, Signal::kKill);
    if (!stopping.killed) announce(WasKilled{policy_.stop_timeout});
    stopping.killed = true;
    stopping.kill_at = now_ + policy_.kill_again;
  }

  void look(bool supervisor_was_late) {
    if (supervisor_was_late) return excuse(*watch(), now_, policy_);
    if (!look_finds_hang(*watch(), now_, policy_) || !policy_.auto_heal) return;
    // A hung worker ignores SIGTERM as readily as it ignores its heartbeat, and its ports must be free before the
    // restart: no grace period, unlike in an operator's stop.
    const Process hung = *process_of(worker_);
    signal(hung.generation, Signal::kKill);
    const auto afterwards =
        crash(std::nullopt, format("no heartbeat for {:g}s", to_seconds(policy_.heartbeat_timeout)));
    worker_.phase =
        Stopping{.process = hung, .kill_at = now_ + policy_.kill_again, .killed = true, .afterwards = afterwards};
  }

  Worker worker_;
  Actions actions_;
  Time now_;
  const Policy& policy_;
};

}  // namespace

Step step(const Worker& worker, const Event& event, Time now, const Policy& policy) {
  Turn turn(worker, now, policy);
  std::visit([&](const auto& what) { turn.on(what); }, event);
  return turn.take(state_of(worker));
}

bool beat_again(Worker& worker, Generation generation, Time beat, std::optional<std::uint64_t> progress) {
  auto* running = std::get_if<Running>(&worker.phase);
  // The beat of one that was called hung is news.
  if (running == nullptr || running->process.generation != generation || running->watch.hung) return false;
  note_beat(running->watch, beat, progress);
  return true;
}

std::string reason_of(const Worker& worker, const Policy& policy) {
  std::string reason = reason_of(worker);
  if (!policy.auto_heal && is_left_alone(worker, policy)) return reason + std::string(kNotHealed);
  // It has failed while nobody was healed, and stays so; but that is not how it is any more.
  if (policy.auto_heal && std::holds_alternative<Failed>(worker.phase) && reason.ends_with(kNotHealed)) {
    reason.resize(reason.size() - kNotHealed.size());
  }
  return reason;
}

std::optional<Time> next_deadline(const Worker& worker, const Policy& policy) {
  const auto of_watch = [&](const HeartbeatWatch& watch) {
    return policy.heartbeat ? next_look(watch, policy) : std::nullopt;
  };
  return std::visit(Overloaded{[&](const Starting& starting) { return of_watch(starting.watch); },
                               [&](const Running& running) {
                                 const auto look = of_watch(running.watch);
                                 if (worker.attempts_used == 0 || running.watch.hung) return look;
                                 return earlier(look, running.ready_since + policy.reset_after);
                               },
                               [](const BackingOff& backing_off) { return std::optional(backing_off.restart_at); },
                               [](const Stopping& stopping) { return std::optional(stopping.kill_at); },
                               [](const auto&) { return std::optional<Time>(); }},
                    worker.phase);
}

}  // namespace vj::supervision
