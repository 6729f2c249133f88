#include "console/manager_keeper.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "platform/files.hpp"
#include "platform/process_search.hpp"
#include "platform/signals.hpp"
#include "supervision/log_lines.hpp"
#include "supervisor_host/process_manager.hpp"
#include "wire/envelope.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

using namespace supervision;

constexpr const char* kProgram = "workers/process_manager_daemon";

constexpr Duration kRegistrationTime = 5s;

// A process manager that stops may use all the time that its workers have, and then ends itself.
constexpr Duration kOwnEnd = 3s;

// One that restarts ends, and is not started again by us: it has seen to that.
ReportedStatus status_from(std::string_view word) {
  if (word == wire::status::kStarting) return ReportedStatus::kStarting;
  if (word == wire::status::kDegraded) return ReportedStatus::kDegraded;
  if (word == wire::status::kStopping || word == wire::status::kRestarting) return ReportedStatus::kStopping;
  return ReportedStatus::kRunning;
}

}  // namespace

Policy manager_policy(const config::Config& config) {
  const auto& console = config.console;
  const auto& workers = config.process_manager;
  return {.restart = {.first_delay = console.restart_delay,
                      .longest_delay = console.restart_delay,
                      .attempt_limit = console.max_restarts},
          .check_interval = console.check_interval,
          .heartbeat_timeout = workers.heartbeat_timeout,
          .reset_after = workers.reset_after,
          .stop_timeout = config::longest_stop(config) + kOwnEnd,
          .auto_heal = console.auto_heal_workers};
}

ProcessManager shown_manager(const Worker& worker, bool may_start) {
  ProcessManager shown;
  const auto run = [&](ManagerState state, const Process& process) {
    shown.state = state;
    shown.pid = process.pid.number;
    shown.started_at = process.since;
  };
  std::visit(Overloaded{[&](const Stopped&) {
                          const bool is_new = worker.last_generation == Generation{};
                          shown.state = may_start && is_new ? ManagerState::kLooking : ManagerState::kAbsent;
                        },
                        [&](const Spawning&) { shown.state = ManagerState::kStarting; },
                        [&](const Starting& starting) { run(ManagerState::kStarting, starting.process); },
                        [&](const Running& running) { run(ManagerState::kRunning, running.process); },
                        [&](const Stopping& stopping) { run(ManagerState::kStopping, stopping.process); },
                        [&](const BackingOff& backing_off) {
                          shown.state = ManagerState::kBackingOff;
                          shown.restart_at = backing_off.restart_at;
                        },
                        [&](const Failed&) { shown.state = ManagerState::kFailed; },
                        [&](const Unknown&) { shown.state = ManagerState::kFailed; }},
             worker.phase);
  shown.reason = reason_of(worker);
  return shown;
}

ManagerKeeper::ManagerKeeper(platform::EventLoop& loop, bus::Directory& directory, platform::Logger& log, Setup setup,
                             Callbacks callbacks)
    : loop_(loop),
      directory_(directory),
      log_(log),
      setup_(std::move(setup)),
      callbacks_(std::move(callbacks)),
      deadline_(loop.timer([this] { on_deadline(); })),
      decision_(loop.timer([this] { decide(); })),
      successor_(loop.timer([this] { miss_successor(); })) {}

void ManagerKeeper::begin() {
  look();
  // One that is about to end is followed by another: who starts a console then wants a show.
  const bool is_here_to_stay = process_of(worker_) != nullptr && !std::holds_alternative<Stopping>(worker_.phase);
  if (!is_here_to_stay && setup_.may_start) apply(StartRequested{});
  tell();
}

void ManagerKeeper::start() {
  look();
  apply(StartRequested{});
}

void ManagerKeeper::resume() {
  standing_down_ = false;
  look();
}

void ManagerKeeper::look() {
  const auto entry = directory_.alive(wire::service::kProcessManager);
  if (!entry || entry->pid == platform::own_pid()) return;
  if (undecided_) give_way();
  successor_.cancel();
  const Process* process = process_of(worker_);
  // One that we have started and that is not (yet) the registered one has lost the race for the home, and will end.
  if (process != nullptr && process->pid.number != entry->pid) return;
  const bool is_spawning = std::holds_alternative<Spawning>(worker_.phase);
  if (process == nullptr && is_spawning) return;
  if (process == nullptr) adopt(*entry);
  process = process_of(worker_);
  if (process == nullptr) return;
  restarts_itself_ = entry->status == wire::status::kRestarting;
  apply(Heartbeat{.generation = process->generation,
                  .beat = loop_.now() - bus::heartbeat_age(*entry, loop_.now()),
                  .progress = std::nullopt,  // its loop has no work to count
                  .status = status_from(entry->status),
                  .reason = entry->reason()});
}

void ManagerKeeper::forget() {
  give_way();
  look();
  tell();
}

void ManagerKeeper::expect_successor() {
  successor_.after(kRegistrationTime);
  forget();
}

void ManagerKeeper::miss_successor() {
  if (standing_down_ || !setup_.policy.auto_heal || !std::holds_alternative<Stopped>(worker_.phase)) return tell();
  log_.warning("The process manager that was to follow has not come");
  apply(StartRequested{});
}

void ManagerKeeper::hear() {
  const auto* running = std::get_if<Running>(&worker_.phase);
  if (running == nullptr) return;
  apply(Heartbeat{.generation = running->process.generation,
                  .beat = loop_.now(),
                  .progress = std::nullopt,
                  .status = running->complaint.empty() ? ReportedStatus::kRunning : ReportedStatus::kDegraded,
                  .reason = running->complaint});
}

void ManagerKeeper::allow_for_stops_of(Duration longest_stop) { setup_.policy.stop_timeout = longest_stop + kOwnEnd; }

void ManagerKeeper::adopt(const bus::ServiceEntry& entry) {
  const auto identity = entry.identity();
  auto handle = identity ? platform::ProcessHandle::open(*identity)
                         : fail(ErrorCode::kInvalid, "its registry entry does not identify its process");
  if (!handle) return apply(CannotVerify{handle.error().message});
  const auto usage = platform::process_usage(entry.pid);
  if (!usage) return;  // it has ended meanwhile
  const Generation generation{worker_.last_generation.number + 1};
  watch(std::move(*handle), generation, false);
  // By the process itself: what its entry says was read from a wall clock, which may have been set since.
  apply(Adopted{.generation = generation, .pid = Pid{entry.pid}, .since = loop_.now() - platform::age_of(*usage)});
}

void ManagerKeeper::on_deadline() {
  // It is not called hung on the word of a watch, which goes blind when the home is removed and made again.
  directory_.refresh();
  look();
  apply(Tick{.supervisor_was_late = loop_.lateness() > kLate});
}

// Carrying out one event may bring the next.
void ManagerKeeper::apply(Event event) {
  events_.push_back(std::move(event));
  if (std::exchange(applying_, true)) return;
  const bool was_running = std::holds_alternative<Running>(worker_.phase);
  while (!events_.empty()) {
    const Event next = std::move(events_.front());
    events_.pop_front();
    auto [worker, actions] = step(worker_, next, loop_.now(), setup_.policy);
    worker_ = std::move(worker);
    for (const auto& action : actions) carry_out(action);
  }
  applying_ = false;
  if (const auto deadline = next_deadline(worker_, setup_.policy)) {
    deadline_.at(*deadline);
  } else {
    deadline_.cancel();
  }
  tell();
  const bool is_running = std::holds_alternative<Running>(worker_.phase);
  if (is_running && !was_running) callbacks_.ready();
}

void ManagerKeeper::carry_out(const Action& action) {
  std::visit(Overloaded{[&](const Spawn& wanted) { spawn(wanted.generation); },
                        [&](const SendSignal& wanted) {
                          const int signal =
                              wanted.signal == Signal::kKill ? platform::signals::kKill : platform::signals::kTerminate;
                          // Not its group, which is a shell's where a person has started it. (Its workers lead theirs.)
                          const auto sent = process_.signal(signal);
                          if (!sent && sent.error().code != ErrorCode::kNotFound) {
                            log_.warning("{}", sent.error().message);
                          }
                        },
                        [&](const Announce& announce) {
                          if (standing_down_) return;
                          if (std::holds_alternative<HasStopped>(announce.what) && workers_run()) {
                            return log_.info("🛑 Process manager left, the workers run on");
                          }
                          const auto line = process_manager_line(announce.what);
                          log_.log(line.level, line.text);
                        },
                        [&](const Refuse& refusal) { log_.debug("process manager: {}", refusal.reason); }},
             action);
}

Result<platform::UniqueFd> ManagerKeeper::open_log() const {
  const auto folder = setup_.home / "logs";
  if (const auto ready = platform::ensure_private_folder(folder); !ready) return std::unexpected(ready.error());
  return platform::open_for_append(folder / "process_manager.log");
}

void ManagerKeeper::spawn(Generation generation) {
  const auto note = [this](supervision::Event event) { events_.push_back(std::move(event)); };
  if (standing_down_) return note(SpawnFailed{generation, "the console is quitting"});
  // A full disk must not keep it from starting; what it logs is also told on the bus.
  const auto output = open_log();
  if (!output) log_.warning("⚠️ The process manager runs without a log: {}", output.error().message);
  std::vector<std::string> arguments{"--home", setup_.home.string()};
  if (setup_.config_file) {
    arguments.emplace_back("--config");
    arguments.push_back(setup_.config_file->string());
  }
  auto spawned = platform::spawn({.program = platform::executable_folder() / kProgram,
                                  .arguments = std::move(arguments),
                                  .environment = {},
                                  .working_folder = {},
                                  .output_fd = output ? output->get() : -1});
  if (!spawned) return note(SpawnFailed{generation, spawned.error().message});
  last_spawned_ = spawned->identity;
  const Pid pid{spawned->identity.pid};
  watch(std::move(spawned->handle), generation, true);
  note(Spawned{generation, pid});
}

std::optional<platform::ProcessIdentity> ManagerKeeper::newcomer() const {
  const auto* starting = std::get_if<Starting>(&worker_.phase);
  const bool is_ours = starting != nullptr && last_spawned_ && last_spawned_->pid == starting->process.pid.number;
  return is_ours ? last_spawned_ : std::nullopt;
}

void ManagerKeeper::watch(platform::ProcessHandle process, Generation generation, bool is_child) {
  process_ = std::move(process);
  exit_watch_ = process_.watch_exit(loop_, [this, generation, is_child] { on_exit(generation, is_child); });
}

void ManagerKeeper::on_exit(Generation generation, bool is_child) {
  exit_watch_.end();  // the handle of a process that has ended stays readable
  const auto status = is_child ? platform::reap(process_.pid()) : process_.observed_exit();
  const auto code = status ? std::optional(status->code) : std::nullopt;
  // What it wrote into the registry last may not have been read yet, and tells an end that was asked for from a crash.
  directory_.refresh();
  const auto successor = directory_.alive(wire::service::kProcessManager);
  const Process* process = process_of(worker_);
  const bool lost_the_race = process != nullptr && successor && successor->pid != process->pid.number;
  if (lost_the_race || standing_down_) {
    give_way();
    if (lost_the_race) return look();
    return tell();
  }
  if (process != nullptr && has_sent_for_successor(*process)) successor_.after(kRegistrationTime);
  if (process != nullptr && was_told_to_end(*process, code)) {
    apply(Heartbeat{.generation = generation, .beat = loop_.now(), .status = ReportedStatus::kStopping});
  }
  undecided_ = Exited{.generation = generation, .code = code, .group_empty = true, .last_words = {}};
  // Another console's was quicker: it has the home, and will be in the registry in a moment.
  const bool was_refused =
      is_child && undecided_->code == supervisor_host::kExitRefused && supervisor_host::is_home_taken(setup_.home);
  if (was_refused) return decision_.after(kRegistrationTime);
  decide();
}

// The next one is started by itself, or by a service manager: not by us, unless none comes.
bool ManagerKeeper::has_sent_for_successor(const Process& process) {
  const bool said_so = std::exchange(restarts_itself_, false);
  const auto* entry = directory_.services().find(wire::service::kProcessManager);
  const bool has_left_its_entry = entry != nullptr && entry->pid == process.pid.number;
  return has_left_its_entry ? entry->status == wire::status::kRestarting : said_so;
}

// Who ends as it was told takes its entry out of the registry within one turn; a crash leaves it there. One that was
// never registered has not left but failed to come.
bool ManagerKeeper::was_told_to_end(const Process& process, std::optional<int> code) const {
  const auto* entry = directory_.services().find(wire::service::kProcessManager);
  const bool has_left_its_entry = entry != nullptr && entry->pid == process.pid.number;
  if (has_left_its_entry) return status_from(entry->status) == ReportedStatus::kStopping;
  return std::holds_alternative<Running>(worker_.phase) && code.value_or(0) == 0;
}

// So it is after a handover, and before the next one of a restart.
bool ManagerKeeper::workers_run() const {
  return std::ranges::any_of(directory_.services().services, [](const bus::ServiceEntry& each) {
    return each.name != wire::service::kProcessManager && bus::is_alive(each);
  });
}

// Somebody else's has the home, or ours was meant to end: nothing has crashed.
void ManagerKeeper::give_way() {
  undecided_.reset();
  decision_.cancel();
  worker_.phase = Stopped{};
  deadline_.cancel();
}

void ManagerKeeper::decide() {
  decision_.cancel();
  if (standing_down_) return give_way();
  if (const auto exited = std::exchange(undecided_, std::nullopt)) apply(*exited);
}

void ManagerKeeper::tell() {
  ProcessManager shown = shown_manager(worker_, setup_.may_start);
  if (shown.state == ManagerState::kAbsent && successor_.armed()) shown.state = ManagerState::kStarting;
  callbacks_.changed(shown);
}

}  // namespace vj::console
