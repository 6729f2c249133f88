#include "supervisor_host/process_manager.hpp"

#include <utility>

#include "base/format.hpp"
#include "base/text.hpp"
#include "config/load.hpp"
#include "supervisor_host/status_words.hpp"
#include "vj_bus/client.hpp"
#include "wire/log_payload.hpp"
#include "wire/names.hpp"

namespace vj::supervisor_host {

namespace {

constexpr Duration kYieldPatience = 2s;
constexpr Duration kDeathPatience = 1s;
constexpr Duration kLockRetry = 5ms;
// Who follows the registry has subscribed by then, the older clients that read it once a second too.
constexpr Duration kTimeToSubscribe = 1500ms;

// From our last beat that could not be written until everybody has beaten again: our next may have been the first that
// could, and theirs come one interval later; a second for them to be seen.
constexpr Duration kDoubt = 2 * (bus::kHeartbeatInterval + bus::kHeartbeatTolerance) + 1s;

const std::string kName{wire::service::kProcessManager};

platform::Path lock_file(const platform::Path& home) { return home / "process_manager.lock"; }

constexpr std::string_view kNotePrefix = "pid ";

Result<platform::FileLock> try_take(const platform::Path& home) {
  auto lock = platform::FileLock::try_take(lock_file(home));
  if (lock) lock->write_note(format("{}{}", kNotePrefix, platform::own_pid()));
  return lock;
}

// The lock's holder, as it has noted itself.
std::string holder_of(const platform::Path& home) { return platform::lock_holder_note(lock_file(home)).value_or(""); }

// A process manager that is killed while it spawns a worker leaves the lock with that worker until its exec.
bool holder_is_dead(const platform::Path& home) {
  const std::string note = holder_of(home);
  if (!note.starts_with(kNotePrefix)) return true;  // it has just gone, or just come and not noted itself yet
  const auto pid = parse_integer(std::string_view(note).substr(kNotePrefix.size()));
  const auto usage = pid ? platform::process_usage(static_cast<platform::Pid>(*pid)) : std::nullopt;
  return !usage || usage->state == 'Z';
}

Result<platform::FileLock> take_within(const platform::Path& home, Duration patience,
                                       const std::function<bool()>& goes_on) {
  platform::EventLoop wait;
  const Time deadline = platform::EventLoop::clock() + patience;
  auto lock = try_take(home);
  while (!lock && lock.error().code == ErrorCode::kConflict && goes_on() && platform::EventLoop::clock() < deadline) {
    wait.run_once(kLockRetry);
    lock = try_take(home);
  }
  return lock;
}

bool console_holds_it(const platform::Path& home) {
  const auto registry = bus::Registry(home).read();
  const auto* entry = registry ? registry->find(kName) : nullptr;
  return entry != nullptr && entry->metadata[wire::role::kKey].string_or("") == wire::role::kFallback &&
         bus::is_alive(*entry);
}

}  // namespace

Result<platform::FileLock> take_home(const platform::Path& home, Role role) {
  auto lock = take_within(home, kDeathPatience, [&] { return holder_is_dead(home); });
  if (lock || lock.error().code != ErrorCode::kConflict) return lock;
  const std::string refusal = format("a process manager already runs in {} ({})", home.string(), holder_of(home));
  if (role == Role::kDaemon && console_holds_it(home)) {
    const auto answer = bus::ask(home, kName, kName, wire::command::kYield, wire::Value::object(), kYieldPatience);
    if (!answer) return fail_with(refusal + " and does not yield", answer.error());
    lock = take_within(home, kYieldPatience, [] { return true; });
  }
  if (lock) return lock;
  return fail(ErrorCode::kConflict, refusal);
}

bool is_home_taken(const platform::Path& home) { return platform::lock_holder_note(lock_file(home)).has_value(); }

ProcessManager::ProcessManager(platform::EventLoop& loop, platform::Logger& log, bus::Context& context,
                               config::Config config, Options options, platform::FileLock lock, Callbacks callbacks)
    : loop_(loop),
      log_(log),
      config_(std::move(config)),
      options_(std::move(options)),
      lock_file_(lock_file(options_.home)),
      lock_(std::move(lock)),
      callbacks_(std::move(callbacks)),
      directory_(
          loop, options_.home, [this](const bus::RegistrySnapshot& registry) { see(registry); },
          bus::Heartbeats::kUntold),
      publisher_(context, loop, kName),
      early_events_timer_(loop.timer([this] { publish_early_events(); })),
      osc_(loop, log, options_.home, config_.osc,
           [this](std::string_view name, wire::Value value) { set_metadata(name, std::move(value)); }),
      table_(
          loop, log, context, directory_, config_,
          {.home = options_.home,
           .programs = options_.programs,
           .config_file = options_.config_file,
           .changed = [this] { tell_status(); },
           .checked = [this] { keep_home(); },
           .silence_proves_nothing = [this] { return silence_proves_nothing(); }},
          [this](const wire::LifecycleEvent& event) { publish(event); },
          [this](std::string_view name, config::WorkerKind kind, std::string_view state) {
            osc_.tell(name, kind, state);
          }),
      commands_(table_, {.status = [this] { return registration_ ? registration_->status() : std::string("starting"); },
                         .uptime = [this, since = loop.now()] { return loop_.now() - since; },
                         .config = [this]() -> const config::Config& { return config_; },
                         .reload = [this] { return reload(); },
                         .set_config = [this](const wire::Value& changes) { return osc_.set_config(changes); },
                         .shut_down = [this](ShutdownScope scope) { shut_down(scope); },
                         .leave = [this](Ending ending) { leave(ending); },
                         .is_ending = [this] { return is_ending(); },
                         .may_yield = options_.role == Role::kFallback,
                         .stays = options_.stays}),
      server_(context, loop, kName, [this](bus::Request request) { commands_.handle(std::move(request)); }),
      binder_(
          loop, server_, publisher_, config_.bus.bind,
          bus::ports_to_try(options_.home, kName, config::process_manager_ports(config_.bus)),
          [this](const std::string& warning) { log_.warning("{}", warning); },
          [this](const Result<config::Ports>& ports) {
            if (ports) return announce_ready(*ports);
            if (is_ending()) return;  // nobody needs to reach it any more
            log_.error("❌ {}", ports.error().message);
            end(Ending::kFailed);
          }) {
  osc_.see(directory_.services());
  binder_.start();
}

ProcessManager::~ProcessManager() = default;

void ProcessManager::see(const bus::RegistrySnapshot& registry) {
  osc_.see(registry);
  table_.see(registry);
}

void ProcessManager::announce_ready(config::Ports ports) {
  bus::ServiceEntry entry{.name = kName,
                          .status = std::string(is_ending() ? wire::status::kStopping : wire::status::kRunning),
                          .command_port = ports.command,
                          .telemetry_port = ports.telemetry};
  entry.metadata = osc_metadata_;
  entry.set_address(config_.bus.bind);
  entry.metadata.set(wire::role::kKey, options_.role == Role::kFallback ? wire::role::kFallback : wire::role::kDaemon);
  registration_.emplace(loop_, directory_.registry(), std::move(entry),
                        [this](const std::string& problem) { log_.error("{}", problem); });
  log_.info("🚀 Process manager ready on ports {}/{}", ports.command, ports.telemetry);
  if (!early_events_.empty()) early_events_timer_.after(kTimeToSubscribe);
  if (callbacks_.ready) callbacks_.ready();
  tell_status();
}

// A lock in a home that was removed keeps nobody out of the one that was made in its place. (Letting go of it also lets
// the removed folder go, and so wakes whoever watches it.)
void ProcessManager::keep_home() {
  if (is_ending() || lock_.is_still(lock_file_)) return;
  // Without it nobody could be heard, and everybody would be taken for hung.
  const auto made = platform::ensure_private_folder(options_.home);
  auto lock = made ? try_take(options_.home) : std::unexpected(made.error());
  if (lock) {
    lock_ = std::move(*lock);
    home_problem_.clear();
    log_.warning("⚠️ The home was removed; it is there again, and the show goes on");
    directory_.refresh();
    if (registration_) registration_->beat();
    table_.save_anew();
  } else if (lock.error().code != ErrorCode::kConflict) {
    if (std::exchange(home_problem_, lock.error().message) != lock.error().message) {
      log_.error("❌ The home was removed and cannot be made again: {}", lock.error().message);
    }
  } else {
    log_.warning("⚠️ The home was removed and made again, and another process manager has it");
    stage_ = Stage::kLeaving;  // and nothing is noted, because the state is the other's
    if (callbacks_.stopping) callbacks_.stopping();
    end(Ending::kHandedOver);
  }
}

// Who cannot write the registry himself cannot blame others for not being heard in it. When he can again, their next
// beat is still to come.
bool ProcessManager::silence_proves_nothing() {
  if (!registration_) return false;
  registration_->beat();
  const auto failed = registration_->last_failure();
  const bool in_doubt = failed && loop_.now() - *failed < kDoubt;
  if (in_doubt && !told_of_doubt_) {
    log_.warning("⚠️ The registry cannot be written: until it can be, nobody is taken for hung who is not heard");
  }
  told_of_doubt_ = in_doubt;
  return in_doubt;
}

void ProcessManager::tell_status() {
  if (!callbacks_.status) return;
  std::vector<NamedState> states;
  for (const auto& worker : table_.workers()) {
    states.push_back({worker->spec().name, worker->state(), worker->spec().enabled});
  }
  std::string words = status_words(states);
  if (words == told_status_) return;
  told_status_ = std::move(words);
  callbacks_.status(told_status_);
}

void ProcessManager::set_metadata(std::string_view name, wire::Value value) {
  if (registration_) return registration_->set_metadata(name, std::move(value));
  osc_metadata_.set(name, std::move(value));
}

void ProcessManager::publish(const LogRecord& record) {
  publisher_.publish_recent(wire::topic::kLogsRecord, wire::to_value(record));
}

// What happens before there is anybody to tell, adoptions above all, is told to those who come with us into the
// registry or come back; at the latest before the next event, because the order is part of the story.
void ProcessManager::publish(const wire::LifecycleEvent& event) {
  if (!registration_) {
    early_events_.push_back(wire::to_value(event));
    return;
  }
  publish_early_events();
  publisher_.publish(wire::topic::kEventsLifecycle, wire::to_value(event));
}

void ProcessManager::publish_early_events() {
  early_events_timer_.cancel();
  for (const wire::Value& event : std::exchange(early_events_, {})) {
    publisher_.publish(wire::topic::kEventsLifecycle, event);
  }
}

void ProcessManager::start_all(supervision::RequestedBy by) {
  // What became of each is in the log and on the bus.
  table_.start_all(by, [](const StartAllOutcome&) {});
}

void ProcessManager::shut_down(ShutdownScope scope) {
  if (is_ending()) return;
  stage_ = Stage::kShuttingDown;
  log_.info("🛑 Stopping all workers");
  if (callbacks_.stopping) callbacks_.stopping();
  if (registration_) registration_->set_status(wire::status::kStopping);
  table_.shut_down(scope, [this] {
    if (stage_ == Stage::kLeaving) return;
    stage_ = Stage::kLeaving;
    end(Ending::kShutDown);
  });
}

void ProcessManager::leave(Ending ending) {
  const Stage before = std::exchange(stage_, Stage::kLeaving);
  if (before == Stage::kLeaving) return;
  if (before == Stage::kShuttingDown) {
    log_.info("🛑 Leaving before all workers have stopped");
    table_.conclude_shut_down();
  } else {
    log_.info("🛑 Leaving, the workers run on");
    if (callbacks_.stopping) callbacks_.stopping();
    table_.save();
  }
  // Whoever watches the daemon's process learns by it that this end was asked for. That of a console goes on.
  if (registration_ && options_.role == Role::kDaemon) {
    registration_->set_status(ending == Ending::kRestart ? wire::status::kRestarting : wire::status::kStopping);
  }
  end(ending);
}

void ProcessManager::end(Ending ending) {
  // Answers that were given in this turn are sent before anything is taken down.
  end_timer_ = loop_.timer([this, ending] {
    if (registration_) registration_->remove();
    callbacks_.ended(ending);
  });
  end_timer_.at(loop_.now());
}

Result<config::Changes> ProcessManager::reload() {
  auto loaded = table_.config_file().load();
  if (!loaded) return fail(ErrorCode::kInvalid, config::to_string(loaded.error()));
  config::Changes changes = config::compare(config_, *loaded);
  config_ = std::move(*loaded);
  table_.configure(config_);
  log_.info("configuration read again: {} keys changed", changes.changed.size());
  return changes;
}

}  // namespace vj::supervisor_host
