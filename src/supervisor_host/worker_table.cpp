#include "supervisor_host/worker_table.hpp"

#include <algorithm>
#include <utility>

#include "platform/process_search.hpp"
#include "platform/signals.hpp"
#include "vj_bus/spawn_token.hpp"
#include "wire/names.hpp"

namespace vj::supervisor_host {

using namespace supervision;

namespace {

// Between the first line of what may be a flood and a look at how much it is; and during a flood.
constexpr Duration kFloodInterval = 100ms;
// One that writes its line now and then wakes nobody more often than this.
constexpr Duration kLogRest = 1s;
constexpr Duration kForeignLookInterval = 2s;
constexpr Duration kRegistryRetry = 2ms;

// Whether only a person is to start it.
bool stays_down(const Worker& worker) {
  return worker.intent == Intent::kStop || std::holds_alternative<Failed>(worker.phase);
}

}  // namespace

WorkerTable::WorkerTable(platform::EventLoop& loop, platform::Logger& log, bus::Context& context,
                         bus::Directory& directory, const config::Config& config, TableOptions options, Publish publish,
                         StateChanged state_changed)
    : loop_(loop),
      log_(log),
      directory_(directory),
      config_file_(log, options.home, std::move(options.config_file)),
      surroundings_{
          .loop = loop,
          .log = log,
          .context = context,
          .registry = directory.registry(),
          .home = options.home,
          .programs = std::move(options.programs),
          .config_file = config_file_,
          .publish = std::move(publish),
          .state_changed = [this](const config::Worker& worker, std::string_view state) { note(worker, state); },
          .save_now = [this] { save(); },
          .changed = [this] { changed(); },
          .unregister = [this](const std::string& worker, platform::Pid pid) { unregister(worker, pid); },
          .owner_of = [this](platform::Pid pid, const std::string& token) { return owner_of(pid, token); },
          .token_ended =
              [this](const std::string& token) {
                if (!token.empty()) ended_tokens_.insert(token);
              }},
      on_change_(std::move(options.changed)),
      on_check_(std::move(options.checked)),
      silence_proves_nothing_(std::move(options.silence_proves_nothing)),
      state_changed_(std::move(state_changed)),
      auto_heal_(config.console.auto_heal_workers),
      deadline_timer_(loop.timer([this] { on_deadline(); })),
      check_timer_(loop.timer([this] { check(); })),
      log_alarm_(loop, [this] { log_timer_.after(kFloodInterval); }),
      log_timer_(loop.timer([this] { look_at_written_logs(); })),
      log_rest_timer_(loop.timer([this] { watch_logs(); })),
      unregister_timer_(loop.timer([this] { retry_unregistering(); })),
      alive_(std::make_shared<bool>(true)) {
  WorkerLog own_log(options.home, wire::service::kProcessManager, {});
  if (platform::takes_standard_error(own_log.file())) own_log_ = std::move(own_log);
  check_every(config.process_manager.check_interval);
  for (const config::Worker& spec : config.workers) workers_.push_back(make(spec));
  restore();
  see(directory_.services());
  changed();
}

std::unique_ptr<ManagedWorker> WorkerTable::make(const config::Worker& spec) {
  return std::make_unique<ManagedWorker>(surroundings_, spec, auto_heal_);
}

ManagedWorker* WorkerTable::find(std::string_view name) {
  const auto found = std::ranges::find_if(workers_, [&](const auto& worker) { return worker->spec().name == name; });
  return found == workers_.end() ? nullptr : found->get();
}

ManagedWorker* WorkerTable::owner_of(platform::Pid pid, const std::string& token) const {
  const auto found = std::ranges::find_if(workers_, [&](const auto& worker) {
    return (worker->has_process() && worker->owns(pid)) || worker->has_started(token);
  });
  return found == workers_.end() ? nullptr : found->get();
}

void WorkerTable::restore() {
  const auto records = read_state(surroundings_.home);
  if (!records) return log_.warning("⚠️ {}; adopting from the registry alone", records.error().message);
  std::vector<std::string> no_longer_configured;
  for (const WorkerRecord& record : *records) {
    const bool may_run =
        std::holds_alternative<Alive>(record.phase) || std::holds_alternative<SpawnUnderWay>(record.phase);
    if (!may_run || find(record.name)) continue;
    no_longer_configured.push_back(record.name);
    config::Worker forgotten;
    forgotten.name = record.name;
    forgotten.command = {record.name};
    forgotten.enabled = false;
    workers_.push_back(make(forgotten));
  }
  // All are known before the first acts, because acting writes the state of all.
  for (const WorkerRecord& record : *records) {
    if (ManagedWorker* worker = find(record.name)) worker->recall(record);
  }
  for (const WorkerRecord& record : *records) {
    if (ManagedWorker* worker = find(record.name)) worker->resume(record);
  }
  for (const std::string& name : no_longer_configured) {
    log_.info("{} is not in the configuration any more", name);
    stop_and_forget(*find(name));
  }
}

void WorkerTable::start_all(RequestedBy by, std::function<void(const StartAllOutcome&)> done) {
  struct Gathered {
    StartAllOutcome outcome;
    std::size_t open = 1;  // this function itself is one of those that are waited for
    std::function<void(const StartAllOutcome&)> done;
    void close() {
      if (--open == 0) done(outcome);
    }
  };
  const auto gathered = std::make_shared<Gathered>();
  gathered->done = std::move(done);
  for (const auto& worker : workers_) {
    if (!worker->spec().enabled) continue;
    ++gathered->open;
    worker->start(by, [gathered, name = worker->spec().name](const Outcome& outcome) {
      if (outcome.done) {
        gathered->outcome.started.push_back(name);
      } else {
        gathered->outcome.refused.emplace_back(name, outcome.reason);
      }
      gathered->close();
    });
  }
  gathered->close();
}

void WorkerTable::stop_all(std::function<void(std::vector<std::string>)> done) {
  std::vector<ManagedWorker*> workers;
  for (const auto& worker : workers_) {
    if (worker->spec().kind == config::WorkerKind::kWorker) workers.push_back(worker.get());
  }
  stop_these(workers, std::move(done));
}

void WorkerTable::stop_these(const std::vector<ManagedWorker*>& workers,
                             std::function<void(std::vector<std::string>)> done) {
  struct Gathered {
    std::vector<std::string> stopped;
    std::size_t open = 1;
    std::function<void(std::vector<std::string>)> done;
    void close() {
      if (--open == 0) done(std::move(stopped));
    }
  };
  const auto gathered = std::make_shared<Gathered>();
  gathered->done = std::move(done);
  for (ManagedWorker* worker : workers) {
    ++gathered->open;
    worker->stop([gathered, name = worker->spec().name](const Outcome& outcome) {
      if (outcome.done) gathered->stopped.push_back(name);
      gathered->close();
    });
  }
  gathered->close();
}

void WorkerTable::stop(ShutdownScope scope, std::function<void(std::vector<std::string>)> done) {
  std::vector<ManagedWorker*> workers;
  for (const auto& worker : workers_) {
    const bool is_app = worker->spec().kind == config::WorkerKind::kApp;
    const bool app_goes = scope == ShutdownScope::kWorkersAndAppsThatStopOnQuit && worker->spec().stop_on_quit;
    if (!is_app || app_goes) workers.push_back(worker.get());
  }
  stop_these(workers, std::move(done));
}

void WorkerTable::shut_down(ShutdownScope scope, std::function<void()> done) {
  // To whoever it stops, the stop would look as if a person had asked for that one.
  for (const auto& worker : workers_) {
    if (stays_down(worker->worker())) stays_down_.emplace(worker->spec().name, worker->worker().intent);
  }
  stop(scope, [this, done = std::move(done)](const std::vector<std::string>&) {
    conclude_shut_down();
    end_who_was_missed();
    done();
  });
}

void WorkerTable::conclude_shut_down() {
  shutting_down_ = true;
  save();
}

void WorkerTable::configure(const config::Config& config) {
  auto_heal_ = config.console.auto_heal_workers;
  check_every(config.process_manager.check_interval);
  for (const config::Worker& spec : config.workers) {
    if (ManagedWorker* known = find(spec.name)) {
      known->configure(spec, auto_heal_);
    } else {
      workers_.push_back(make(spec));
    }
  }
  for (const auto& worker : workers_) {
    if (config::find_worker(config, worker->spec().name) == nullptr) stop_and_forget(*worker);
  }
  see(directory_.services());
  changed();
}

void WorkerTable::stop_and_forget(ManagedWorker& worker) {
  worker.forget([this, name = worker.spec().name](const Outcome&) {
    // Not from within its own call.
    loop_.post([this, name, alive = std::weak_ptr(alive_)] {
      if (alive.expired()) return;
      // It may have been configured again meanwhile.
      std::erase_if(workers_, [&](const auto& gone) {
        return gone->spec().name == name && gone->is_forgotten() && !gone->has_process();
      });
      changed();
    });
  });
}

std::vector<wire::WorkerInfo> WorkerTable::list() {
  const bool look_for_foreign = loop_.now() - last_foreign_look_ >= kForeignLookInterval;
  if (look_for_foreign) last_foreign_look_ = loop_.now();
  std::vector<wire::WorkerInfo> rows;
  for (const auto& worker : workers_) {
    if (look_for_foreign) worker->look_for_foreign_copy();
    rows.push_back(worker->info());
  }
  // What has happened in this turn is told here before the turn ends.
  if (change_noted_) save();
  return rows;
}

void WorkerTable::see(const bus::RegistrySnapshot& registry) {
  for (const auto& worker : workers_) look_up(*worker, registry);
  // A beat moves the time at which its worker would be called hung.
  arm();
}

void WorkerTable::look_up(ManagedWorker& worker, const bus::RegistrySnapshot& registry) {
  if (worker.spec().kind == config::WorkerKind::kApp) return;
  if (const bus::ServiceEntry* entry = registry.find(worker.spec().name)) {
    worker.see(*entry);
  } else {
    worker.see_no_entry();
  }
}

void WorkerTable::on_deadline() {
  const bool late = loop_.lateness() > kLate;
  const auto is_due = [&](const ManagedWorker& worker) {
    const auto deadline = worker.next_deadline();
    return deadline && *deadline <= loop_.now();
  };
  const auto is_silent = [&](const auto& worker) { return worker->is_to_beat() && is_due(*worker); };
  const bool somebody_is_silent = !late && std::ranges::any_of(workers_, is_silent);
  const bool in_doubt = somebody_is_silent && silence_proves_nothing_ && silence_proves_nothing_();
  if (somebody_is_silent) {
    // Nobody is called hung on the word of a watch, which goes blind when the home is removed and made again, and is
    // not told of heartbeats.
    directory_.refresh();
    see(directory_.services());
  }
  for (const auto& worker : workers_) {
    if (late || is_due(*worker)) worker->tick(late || (in_doubt && worker->is_to_beat()));
  }
  arm();
}

// A check is in no hurry: it comes along with our heartbeat.
void WorkerTable::check_every(Duration interval) { check_timer_.every(interval, interval / 10); }

void WorkerTable::check() {
  if (loop_.lateness() > kLate) on_deadline();
  // An entry may be unverifiable only for now, or its process have gone without a word.
  for (const auto& worker : workers_) {
    if (!worker->has_process() || !worker->is_registered()) look_up(*worker, directory_.services());
  }
  arm();
  for (const platform::Pid child : platform::exited_children()) {
    // Those that we know are reaped where their exit code is wanted.
    const auto is_it = [&](const auto& worker) { return worker->owns(child); };
    if (std::ranges::none_of(workers_, is_it)) [[maybe_unused]]
      const auto status = platform::reap(child);
  }
  end_who_was_missed();
  earlier_ended_tokens_ = std::exchange(ended_tokens_, {});
  if (log_alarm_.armed_count() != watched_logs_) {
    if (look_at_logs()) log_timer_.after(kFloodInterval);
    watch_logs();
  }
  // Where it cannot be set aside, saying so would only make it longer.
  if (own_log_) [[maybe_unused]]
    const auto grown = own_log_->rotate_if_large();
  if (on_check_) on_check_();
}

// Who starts others while it ends itself can hide one from every look that is taken just then: it is on no list of ours
// yet, or its environment cannot be read for the moment. Later it can. Costs nothing where nobody has ended.
void WorkerTable::end_who_was_missed() {
  if (ended_tokens_.empty() && earlier_ended_tokens_.empty()) return;
  for (const platform::Pid child : platform::child_processes()) {
    if (std::ranges::any_of(workers_, [&](const auto& worker) { return worker->owns(child); })) continue;
    const auto token = platform::environment_of(child, bus::kSpawnTokenVariable);
    if (!token || !(ended_tokens_.contains(*token) || earlier_ended_tokens_.contains(*token))) continue;
    const auto process = platform::ProcessHandle::open_child(child);
    if (process && process->signal(platform::signals::kKill)) {
      log_.warning("⚠️ Killed process {}, which a worker that has ended had left behind", child);
    }
  }
}

bool WorkerTable::look_at_logs() {
  bool flood = false;
  for (const auto& worker : workers_) {
    // Who does not run writes nothing, and is looked at before it runs again.
    if (!worker->has_process() || log_alarm_.armed(worker->log_file().file())) continue;
    const auto grown = worker->log_file().rotate_if_large();
    if (!grown) log_.error("{}", grown.error().message);
    flood |= grown && *grown > worker->log_file().size_limit() / 4;
  }
  return flood;
}

void WorkerTable::look_at_written_logs() {
  if (look_at_logs()) return log_timer_.after(kFloodInterval);
  log_rest_timer_.after(kLogRest);
}

void WorkerTable::watch_logs() {
  if (log_timer_.armed() || log_rest_timer_.armed()) return;
  bool all = true;
  for (const auto& worker : workers_) {
    if (worker->has_process()) all &= log_alarm_.arm(worker->log_file().file());
  }
  watched_logs_.reset();
  if (all) watched_logs_ = log_alarm_.armed_count();
}

void WorkerTable::changed() {
  if (std::exchange(change_noted_, true)) return;
  // Once a turn, however much has changed in it.
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    // A restart that is due at once comes first: it notes itself, and nobody waits for what is told of it.
    on_deadline();
    change_noted_ = false;
    tell_states();
    save();
    arm();
    watch_logs();
    if (on_change_) on_change_();
  });
}

void WorkerTable::note(const config::Worker& worker, std::string_view state) {
  to_tell_.push_back({worker.name, worker.kind, state});
}

void WorkerTable::tell_states() {
  for (const State& told : std::exchange(to_tell_, {})) state_changed_(told.name, told.kind, told.state);
}

void WorkerTable::arm() {
  std::optional<Time> next;
  for (const auto& worker : workers_) {
    if (const auto deadline = worker->next_deadline()) next = next ? std::min(*next, *deadline) : *deadline;
  }
  if (next) {
    deadline_timer_.at(*next);
  } else {
    deadline_timer_.cancel();
  }
}

void WorkerTable::save() {
  WorkerRecords records;
  for (const auto& worker : workers_) {
    WorkerRecord record = worker->record();
    const bool runs = std::holds_alternative<Alive>(record.phase);
    if (shutting_down_ && !runs) {
      // What was stopped in a shutdown is to be started by the next start_all, whoever asks for it.
      const auto kept = stays_down_.find(record.name);
      if (kept == stays_down_.end()) continue;
      record.intent = kept->second;
    }
    records.push_back(std::move(record));
  }
  if (records == last_saved_) return;
  const auto saved = write_state(surroundings_.home, records);
  if (saved) last_saved_ = std::move(records);
  const std::string problem = saved ? "" : saved.error().message;
  if (!saved && problem != last_save_problem_) log_.error("{}", problem);
  last_save_problem_ = problem;
}

void WorkerTable::save_anew() {
  last_saved_.reset();
  save();
}

void WorkerTable::unregister(const std::string& worker, platform::Pid pid) {
  to_unregister_.emplace_back(worker, pid);
  retry_unregistering();
}

void WorkerTable::retry_unregistering() {
  std::erase_if(to_unregister_, [&](const auto& entry) {
    const auto removed = surroundings_.registry.remove(entry.first, entry.second);
    if (!removed && removed.error().code == ErrorCode::kConflict) return false;
    if (!removed) log_.error("{}", removed.error().message);
    return true;
  });
  if (!to_unregister_.empty()) unregister_timer_.at(platform::EventLoop::clock() + kRegistryRetry);
}

}  // namespace vj::supervisor_host
