#include "supervisor_host/managed_worker.hpp"

#include <algorithm>
#include <utility>

#include "base/exit_code.hpp"
#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "platform/process_search.hpp"
#include "platform/signals.hpp"
#include "supervision/log_lines.hpp"
#include "supervisor_host/lifecycle.hpp"
#include "supervisor_host/policies.hpp"
#include "supervisor_host/registry_view.hpp"
#include "vj_bus/spawn_token.hpp"
#include "wire/envelope.hpp"

namespace vj::supervisor_host {

using namespace supervision;

namespace {

std::string misnamed(const std::string& other) { return format("it registers as {}; name the worker so", other); }

// Whether another process manager, of another home, has started it.
bool is_of_another_home(platform::Pid pid, const platform::Path& home) {
  const auto its_home = platform::environment_of(pid, "VJ_HOME");
  if (!its_home || *its_home == home.string()) return false;
  std::error_code gone;
  return !std::filesystem::equivalent(*its_home, home, gone);
}

}  // namespace

ManagedWorker::ManagedWorker(Surroundings& surroundings, config::Worker spec, bool auto_heal)
    : around_(surroundings),
      spec_(std::move(spec)),
      policy_(policy_of(spec_, auto_heal)),
      log_file_(around_.home, spec_.name, spec_.log) {}

void ManagedWorker::start(RequestedBy by, Done done) { request_start(StartRequested{by}, std::move(done)); }

void ManagedWorker::stop(Done done) {
  look_for_foreign_copy();
  request(StopRequested{}, Wanted::kStopped, std::move(done));
}

void ManagedWorker::restart(Done done) { request_start(RestartRequested{}, std::move(done)); }

void ManagedWorker::request_start(const Event& event, Done done) {
  if (forgotten_) return done({.reason = format("{} is not in the configuration any more", spec_.name)});
  look_for_foreign_copy();
  request(event, Wanted::kStarted, std::move(done));
}

void ManagedWorker::forget(Done done) {
  forgotten_ = true;
  stop(std::move(done));
}

void ManagedWorker::reset() {
  feed(ResetRequested{});
  around_.save_now();
}

bool ManagedWorker::is_to_beat() const {
  const bool runs = std::holds_alternative<Starting>(worker_.phase) || std::holds_alternative<Running>(worker_.phase);
  return runs && policy_.heartbeat;
}

void ManagedWorker::tick(bool excused) {
  // Somebody may have started it while it was waiting for its restart.
  if (std::holds_alternative<BackingOff>(worker_.phase)) look_for_foreign_copy();
  feed(Tick{.supervisor_was_late = excused});
}

void ManagedWorker::request(const Event& event, Wanted wanted, Done done) {
  const Generation before = worker_.last_generation;
  refused_.reset();
  feed(event);
  // What a person asked for is noted before anybody is told of it: a crash right after the answer must not undo it.
  around_.save_now();
  if (const auto reason = std::exchange(refused_, std::nullopt)) {
    const bool is_unknown = std::holds_alternative<Unknown>(worker_.phase);
    const bool is_going = std::holds_alternative<Stopping>(worker_.phase);
    const bool is_so_already = !is_unknown && !is_going && has_process() == (wanted == Wanted::kStarted);
    return done({.refused = true, .is_so_already = is_so_already, .reason = *reason});
  }
  waiters_.push_back({wanted, before, std::move(done)});
  answer_waiters();
}

void ManagedWorker::feed(const Event& event) {
  const WorkerRecord before = record();
  const std::string_view state_before = state();
  const int events_before = events_told_;
  Step done = step(worker_, event, around_.loop.now(), policy_);
  worker_ = std::move(done.next);
  if (state() != state_before) around_.state_changed(spec_, state());
  for (const Action& action : done.actions) carry_out(action);
  if (const auto problem = std::exchange(signal_problem_, std::nullopt)) {
    last_problem_ = problem->what;
    feed(SignalRefused{problem->generation, problem->what});
  }
  watch_health();
  leave_registry();
  // Who shows states asks for them when there is an event.
  if (state() != state_before && events_told_ == events_before) {
    tell({std::string(wire::lifecycle::kState), spec_.name,
          wire::Value::object({{"state", state()}, {"reason", reason_of(worker_, policy_)}})});
  }
  answer_waiters();
  if (record() != before || state() != state_before || !done.actions.empty()) around_.changed();
}

void ManagedWorker::watch_health() {
  if (!std::holds_alternative<Running>(worker_.phase)) {
    health_.reset();
  } else if (!health_ && !spec_.health.empty()) {
    const Generation generation = worker_.last_generation;
    health_ = std::make_unique<HealthMonitor>(
        spec_.health, HealthView{around_.loop, around_.context, [this] { return entry_; }},
        HealthMonitor::Callbacks{
            .failed = [this, generation](const std::string& reason,
                                         bool confirmed) { feed(HealthFailed{generation, reason, confirmed}); },
            .recovered = [this, generation] { feed(HealthRecovered{generation}); }});
  }
}

void ManagedWorker::carry_out(const Action& action) {
  std::visit(Overloaded{[&](const Spawn& what) { spawn(what.generation); },
                        [&](const SendSignal& what) {
                          if (!process_) return;
                          const auto sent = what.signal == Signal::kKill ? process_->kill() : process_->terminate();
                          if (!sent) signal_problem_ = {what.generation, sent.error().message};
                        },
                        [&](const Announce& what) { announce(what.what); },
                        [&](const Refuse& what) { refused_ = what.reason; }},
             action);
}

void ManagedWorker::spawn(Generation generation) {
  token_ = wire::new_id();
  process_.reset();
  entry_.reset();
  started_with_.reset();
  // Noted before, found by the token after: a crash in between doubles nothing.
  around_.save_now();
  auto spawned = launch();
  if (!spawned) {
    last_problem_ = spawned.error().message;
    return feed(SpawnFailed{generation, last_problem_});
  }
  const Pid pid{spawned->identity.pid};
  own(std::move(spawned->handle), std::move(spawned->identity), generation);
  feed(Spawned{generation, pid});
  around_.save_now();
}

Result<platform::SpawnedProcess> ManagedWorker::launch() {
  const auto program = platform::find_program(spec_.command.front(), around_.programs);
  if (!program) return std::unexpected(program.error());
  // Not only while it runs: one that writes much and crashes soon is seen by nobody else.
  if (const auto looked = log_file_.rotate_if_large(); !looked) around_.log.warning("⚠️ {}", looked.error().message);
  log_file_.begin();
  const auto output = log_file_.open();
  // A full disk must not keep it from starting: rather a show without its log than a log without its show.
  if (!output) around_.log.warning("⚠️ {} runs without a log: {}", spec_.name, output.error().message);
  platform::SpawnRequest request{.program = *program,
                                 .arguments = {spec_.command.begin() + 1, spec_.command.end()},
                                 .environment = spec_.env,
                                 .working_folder = {},
                                 .output_fd = output ? output->get() : -1};
  // Somebody else's worker need not know our options; it finds the home by its variable.
  if (program->parent_path() == around_.programs) {
    started_with_ = around_.config_file.for_a_start();
    const auto& file = started_with_->option;
    if (file) request.arguments.insert(request.arguments.end(), {"--config", file->string()});
  }
  request.environment["VJ_HOME"] = around_.home.string();
  request.environment[bus::kSpawnTokenVariable] = token_;
  if (!spec_.cwd.empty()) request.working_folder = spec_.cwd;
  return platform::spawn(request);
}

void ManagedWorker::own(platform::ProcessHandle handle, platform::ProcessIdentity identity, Generation generation) {
  last_usage_ = {};
  process_ = std::make_unique<OwnedProcess>(
      around_.loop, std::move(handle), std::move(identity), token_,
      OwnedProcess::Callbacks{
          .exited = [this, generation](std::optional<int> code, bool empty) { on_exit(generation, code, empty); },
          .group_emptied =
              [this, generation] {
                around_.token_ended(token_);
                feed(GroupEmptied{generation});
              },
          .code_learned = [this,
                           generation](int code) { feed(ExitCodeLearned{generation, code, file_is_to_blame(code)}); }});
}

void ManagedWorker::on_exit(Generation generation, std::optional<int> code, bool group_empty) {
  // What it wrote into the registry last may not have been read yet, and tells an end that was asked for from a crash.
  if (spec_.kind == config::WorkerKind::kWorker && around_.registry.refresh()) {
    if (const auto* entry = around_.registry.snapshot().find(spec_.name)) see(*entry);
  }
  if (group_empty) around_.token_ended(token_);
  // Who is killed has no say in it.
  const bool says_why = code && *code != -platform::signals::kKill;
  const std::string last_words = says_why ? log_file_.last_line() : "";
  feed(Exited{generation, code, group_empty, last_words, file_is_to_blame(code)});
}

bool ManagedWorker::file_is_to_blame(std::optional<int> code) const {
  if (code != kExitConfiguration) return false;
  const auto program = platform::find_program(spec_.command.front(), around_.programs);
  const bool is_ours = program && program->parent_path() == around_.programs;
  return is_ours && around_.config_file.is_to_blame(started_with_);
}

void ManagedWorker::leave_registry() {
  const bool is_over = std::holds_alternative<Stopped>(worker_.phase) || std::holds_alternative<Failed>(worker_.phase);
  // One that is started again finds its ports in what its predecessor left.
  if (is_over && entry_) around_.unregister(spec_.name, std::exchange(entry_, std::nullopt)->pid);
}

void ManagedWorker::announce(const Happening& what) {
  const LogLine line = worker_line(spec_.name, what);
  around_.log.log(line.level, line.text);
  if (const auto event = lifecycle_event(spec_.name, what)) tell(*event);
}

void ManagedWorker::tell(const wire::LifecycleEvent& event) {
  ++events_told_;
  around_.publish(event);
}

std::optional<Outcome> ManagedWorker::outcome_of(const Waiter& waiter) const {
  const bool is_newer = worker_.last_generation > waiter.since;
  const bool is_going = std::holds_alternative<Stopping>(worker_.phase);
  const bool is_coming = std::holds_alternative<Spawning>(worker_.phase);
  if (has_process() && !is_going && !is_newer) return Outcome{.reason = last_problem_};  // it could not be stopped
  if (waiter.wanted == Wanted::kStopped) {
    if (is_newer || !(has_process() || is_coming)) return Outcome{.done = true};
    return std::nullopt;
  }
  if (is_going || is_coming) return std::nullopt;
  if (is_newer && has_process()) return Outcome{.done = true};
  return Outcome{.reason = is_newer ? last_problem_ : "stopped before it was started"};
}

void ManagedWorker::answer_waiters() {
  std::vector<std::pair<Done, Outcome>> answers;
  std::erase_if(waiters_, [&](Waiter& waiter) {
    const auto outcome = outcome_of(waiter);
    if (outcome) answers.emplace_back(std::move(waiter.done), *outcome);
    return outcome.has_value();
  });
  for (const auto& [done, outcome] : answers) done(outcome);
}

void ManagedWorker::recall(const WorkerRecord& record) {
  worker_.intent = record.intent;
  worker_.attempts_used = record.attempts_used;
  worker_.last_generation = record.generation;
  token_ = record.token;
  recalled_ = record.phase;
  if (const auto* backing_off = std::get_if<BackingOff>(&record.phase)) worker_.phase = *backing_off;
  if (const auto* failed = std::get_if<Failed>(&record.phase)) worker_.phase = *failed;
}

void ManagedWorker::resume(const WorkerRecord& record) {
  // Kept until the end, so that what is written meanwhile still finds the process.
  if (std::holds_alternative<SpawnUnderWay>(record.phase)) {
    for (const auto& process : platform::processes_with_environment(bus::kSpawnTokenVariable, token_)) {
      const auto usage = platform::process_usage(process.pid);
      const bool is_leader = usage && usage->group == process.pid;
      if (is_leader && adopt(process, record.generation)) break;
    }
    recalled_.reset();
    if (!has_process()) feed(StartRequested{RequestedBy::kHeal});
  } else if (const auto* alive = std::get_if<Alive>(&record.phase)) {
    const bool adopted = adopt(alive->process, record.generation, alive->afterwards);
    recalled_.reset();
    if (!adopted) {
      // It ended while nobody watched.
      end_orphans();
      const Time now = around_.loop.now();
      const Process gone{record.generation, {alive->process.pid}, now, true};
      if (alive->afterwards) {
        worker_.phase = Stopping{.process = gone, .kill_at = now, .afterwards = *alive->afterwards};
      } else {
        worker_.phase = Starting{gone, {.last_beat = now}};
      }
      feed(Exited{.generation = record.generation, .code = std::nullopt});
    }
  }
  recalled_.reset();
}

void ManagedWorker::end_orphans() const {
  for (const auto& identity : platform::processes_with_environment(bus::kSpawnTokenVariable, token_)) {
    if (const auto orphan = platform::ProcessHandle::open(identity)) {
      [[maybe_unused]] const auto sent = orphan->signal(platform::signals::kKill);
    }
  }
}

WorkerRecord ManagedWorker::record() const {
  WorkerRecord record{.name = spec_.name,
                      .intent = worker_.intent,
                      .attempts_used = worker_.attempts_used,
                      .generation = worker_.last_generation,
                      .token = token_,
                      .phase = AtRest{}};
  if (recalled_) {
    record.phase = *recalled_;
  } else if (std::holds_alternative<Spawning>(worker_.phase)) {
    record.phase = SpawnUnderWay{};
  } else if (const auto* backing_off = std::get_if<BackingOff>(&worker_.phase)) {
    record.phase = *backing_off;
  } else if (const auto* failed = std::get_if<Failed>(&worker_.phase)) {
    record.phase = *failed;
  } else if (has_process() && process_) {
    const auto* stopping = std::get_if<Stopping>(&worker_.phase);
    record.phase = Alive{process_->identity(), stopping ? std::optional(stopping->afterwards) : std::nullopt};
  }
  return record;
}

bool ManagedWorker::adopt(const platform::ProcessIdentity& identity, Generation generation,
                          std::optional<Afterwards> afterwards) {
  auto handle = platform::ProcessHandle::open(identity);
  const auto usage = platform::process_usage(identity.pid);
  if (!handle || !usage || usage->state == 'Z') return false;
  started_with_.reset();
  own(std::move(*handle), identity, generation);
  feed(Adopted{generation, {identity.pid}, around_.loop.now() - platform::age_of(*usage), std::move(afterwards)});
  return true;
}

void ManagedWorker::see(const bus::ServiceEntry& entry) {
  if (const Process* process = process_of(worker_)) {
    const Seen what{process->generation, entry.edition};
    if (seen_ == what && take_beat(entry)) return;
    if (!is_ours(entry, *process)) return;
    registered_as_.clear();
    const auto event = heartbeat_of(entry, entry_, process->generation, around_.loop.now());
    entry_ = entry;
    seen_ = what;
    if (event) feed(*event);
    return;
  }
  if (forgotten_ || std::holds_alternative<Spawning>(worker_.phase)) return;
  if (!bus::is_alive(entry) || is_younger_than_entry(entry)) return see_no_entry();
  if (const auto identity = entry.identity()) {
    const auto token = platform::environment_of(identity->pid, bus::kSpawnTokenVariable).value_or("");
    ManagedWorker* owner = around_.owner_of(identity->pid, token);
    if (owner == nullptr) return adopt_registered(entry, *identity, token);
    owner->registers_as(spec_.name);
    return feed(CannotVerify{format("process {} is registered so, and is {}'s", entry.pid, owner->spec_.name)});
  }
  feed(CannotVerify{format("process {} is registered, but not since when it runs", entry.pid)});
}

// What there is to see of a worker almost always: an entry that was seen before, but for its beat.
bool ManagedWorker::take_beat(const bus::ServiceEntry& entry) {
  const auto beat = beat_of(entry, around_.loop.now());
  return beat && beat_again(worker_, seen_->generation, *beat, progress_of(entry));
}

void ManagedWorker::see_no_entry() {
  if (std::holds_alternative<Unknown>(worker_.phase)) feed(UnverifiedGone{});
}

void ManagedWorker::registers_as(std::string_view other) {
  if (spec_.kind == config::WorkerKind::kApp || registered_as_ == other) return;
  registered_as_ = other;
  around_.log.warning("⚠️ {} {}", spec_.name, misnamed(registered_as_));
}

void ManagedWorker::adopt_registered(const bus::ServiceEntry& entry, const platform::ProcessIdentity& identity,
                                     const std::string& token) {
  // A copy, because an adoption may be followed by much, a change of the registry included.
  const bus::ServiceEntry seen = entry;  // NOLINT(performance-unnecessary-copy-initialization)
  token_ = token;
  entry_.reset();
  if (adopt(identity, {worker_.last_generation.number + 1})) see(seen);
}

bool ManagedWorker::is_ours(const bus::ServiceEntry& entry, const Process& process) const {
  if (entry.pid == process.pid.number) {
    const auto identity = entry.identity();
    return !identity || !process_ || *identity == process_->identity();
  }
  // A launcher script may start the worker proper as its child, in the session that we made.
  const auto usage = platform::process_usage(entry.pid);
  return usage && usage->group == process.pid.number;
}

void ManagedWorker::look_for_foreign_copy() {
  const bool could_be_elsewhere = !forgotten_ && !has_process() && !std::holds_alternative<Spawning>(worker_.phase);
  if (spec_.match.empty() || !could_be_elsewhere) return;
  auto copies = platform::processes_named(spec_.match);
  std::erase_if(copies, [&](const auto& copy) { return is_of_another_home(copy.pid, around_.home); });
  // The oldest, because the others are most likely what it has started.
  const auto oldest = std::ranges::min_element(copies, {}, &platform::ProcessIdentity::start_time_ticks);
  if (oldest == copies.end()) return;
  token_.clear();
  [[maybe_unused]] const bool adopted = adopt(*oldest, {worker_.last_generation.number + 1});
}

void ManagedWorker::configure(config::Worker spec, bool auto_heal) {
  if (spec.health != spec_.health) health_.reset();
  spec_ = std::move(spec);
  forgotten_ = false;
  policy_ = policy_of(spec_, auto_heal);
  watch_health();
  log_file_.set_limits(spec_.log);
}

bool ManagedWorker::owns(platform::Pid pid) const {
  return (process_ && process_->identity().pid == pid) || (health_ && health_->owns(pid));
}

wire::WorkerInfo ManagedWorker::info() {
  const Time now = around_.loop.now();
  wire::WorkerInfo info;
  info.name = spec_.name;
  info.enabled = spec_.enabled;
  info.restart_count = worker_.attempts_used;
  info.max_restarts = policy_.restart.attempt_limit;
  info.stop_timeout = to_seconds(policy_.stop_timeout);
  info.state = state();
  info.reason = reason_of(worker_, policy_);
  // Under its own name it is never heard of: that is why.
  if (!registered_as_.empty() && !entry_) {
    info.reason += (info.reason.empty() ? "" : ": ") + misnamed(registered_as_);
  }
  info.kind = spec_.kind == config::WorkerKind::kApp ? "app" : "worker";
  if (const auto* backing_off = std::get_if<BackingOff>(&worker_.phase)) {
    info.next_restart_in = std::max(0.0, to_seconds(backing_off->restart_at - now));
  }
  if (spec_.ports) {
    info.command_port = entry_ ? entry_->command_port : spec_.ports->command;
    info.telemetry_port = entry_ ? entry_->telemetry_port : spec_.ports->telemetry;
  }
  const Process* process = process_of(worker_);
  if (!process) return info;
  info.running = true;
  info.pid = process->pid.number;
  info.adopted = process->adopted;
  info.uptime_sec = to_seconds(now - process->since);
  if (const auto usage = platform::process_usage(process->pid.number)) {
    info.rss_bytes = usage->rss_bytes;
    const Duration elapsed = now - (last_usage_.when == Time{} ? process->since : last_usage_.when);
    // Two askers within a moment get the same answer rather than a division by almost nothing.
    if (elapsed >= 500ms || !last_usage_.percent) {
      const double share = elapsed > 0ns ? to_seconds(usage->cpu_time - last_usage_.cpu) / to_seconds(elapsed) : 0.0;
      last_usage_ = {usage->cpu_time, now, std::max(0.0, share * 100.0)};
    }
    info.cpu_percent = last_usage_.percent;
  }
  return info;
}

}  // namespace vj::supervisor_host
