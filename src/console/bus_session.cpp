#include "console/bus_session.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/time.hpp"
#include "platform/process.hpp"
#include "platform/process_search.hpp"
#include "wire/names.hpp"
#include "wire/playback_payload.hpp"

namespace vj::console {
namespace {

constexpr std::string_view kName = "vj_console";
constexpr Duration kStatisticsInterval = 5s;
constexpr Duration kDiscoveryTime = 5s;

std::vector<std::string> topics() {
  using namespace wire::topic;
  std::vector<std::string> result;
  for (const auto topic :
       {kSpotifyState, kVirtualDjState, kPlaybackActive, kEventsLifecycle, kLogsRecord, kLogsAggregated, kLyricsFetched,
        kSongCategorized, kAudioStats, kAudioBenchmark, kOscStats}) {
    result.emplace_back(topic);
  }
  return result;
}

RegisteredService registered(const bus::ServiceEntry& entry, Time now) {
  return {.name = entry.name,
          .pid = entry.pid,
          .status = entry.status,
          .reason = entry.reason(),
          .version = entry.metadata["version"].string_or(""),
          .ports = {entry.command_port, entry.telemetry_port},
          .alive = bus::is_alive(entry),
          .heartbeat_age = bus::heartbeat_age(entry, now)};
}

// Whether somebody came, went or changed; a heartbeat alone is no change.
bool differ(std::vector<RegisteredService> a, std::vector<RegisteredService> b) {
  for (auto* services : {&a, &b}) {
    for (auto& service : *services) service.heartbeat_age = {};
  }
  return a != b;
}

std::string failure_of(const Result<wire::Response>& answer) {
  if (!answer) return answer.error().message;
  if (answer->status == wire::Status::kOk) return {};
  if (answer->error) return *answer->error;
  return answer->result["reason"].string_or("refused");
}

std::string_view verb_of(Asked asked) {
  switch (asked) {
    case Asked::kStart:
      return "start";
    case Asked::kStop:
      return "stop";
    case Asked::kRestart:
      return "restart";
  }
  return {};
}

std::string_view command_for(Asked asked) {
  switch (asked) {
    case Asked::kStart:
      return wire::command::kStartWorker;
    case Asked::kStop:
      return wire::command::kStopWorker;
    case Asked::kRestart:
      return wire::command::kRestartWorker;
  }
  return {};
}

}  // namespace

BusSession::BusSession(platform::EventLoop& loop, const BusFeed::Setup& setup, Mailbox& mailbox)
    : loop_(loop),
      setup_(setup),
      mailbox_(mailbox),
      log_(std::string(kName), parse_log_level(setup.config.log.level).value_or(LogLevel::kInfo), false),
      directory_(loop, setup.home, [this](const bus::RegistrySnapshot&) { on_registry(); }),
      client_(context_, loop, directory_, std::string(kName)),
      subscriber_(context_, loop, topics(),
                  [this](const wire::Telemetry& telemetry, std::string_view) { on_telemetry(telemetry); }),
      logs_(client_, mailbox),
      osc_(loop, context_, client_, mailbox),
      audio_(context_, loop, directory_, client_, mailbox),
      keeper_(
          loop, directory_, log_,
          {.home = setup.home,
           .config_file = setup.config_file,
           .policy = manager_policy(setup.config),
           .may_start = setup.auto_start},
          {.changed = [this](const ProcessManager& manager) { on_manager(manager); }, .ready = [this] { on_ready(); }}),
      stopper_(loop, directory_, client_,
               {.stopped = [this](EverythingStopped stopped) { on_everything_stopped(std::move(stopped)); },
                .no_manager = [this] { stop_what_nobody_runs(); }}),
      is_wanted_(setup.auto_start),
      discovery_deadline_(loop.timer([this] { look_for_workers(); })),
      stale_(loop.timer([this] { look_at_stale(); })),
      statistics_(loop.timer([this] { list_workers(); })) {
  log_.set_listener([this](const LogRecord& record) {
    if (!fallback_) return logs_.show_and_keep(record);
    // As a service this process has telemetry of its own.
    logs_.show(record);
    fallback_->publish(record);
  });
}

void BusSession::begin() {
  if (const auto& problem = directory_.problem()) log_.warning("⚠️ {}", *problem);
  look_for_programs();
  keeper_.begin();
  on_registry();
}

void BusSession::carry_out(BusFeed::Request request) {
  std::visit(Overloaded{[&](const Ask& wanted) { ask(wanted); }, [&](const AudioWish& wish) { audio_.carry_out(wish); },
                        [&](const FollowOsc& wanted) { osc_.follow(wanted.interest, directory_.services()); },
                        [&](const ClearOsc&) { osc_.clear(); }, [&](const StopEverything&) { stop_everything(); }},
             request);
}

void BusSession::stop_everything() {
  log_.info("🛑 Stopping all workers...");
  keeper_.stand_down();
  refuse_what_waited("the console is quitting");
  if (fallback_) return stop_what_nobody_runs();
  stopper_.begin(longest_stop(), keeper_.newcomer());
}

// The process manager crashed, hung or never came; whoever it left, apps and grandchildren too, is stopped by who can
// adopt them.
void BusSession::stop_what_nobody_runs() {
  if (!fallback_) {
    auto lock = supervisor_host::take_home(setup_.home, supervisor_host::Role::kFallback);
    if (!lock) return on_everything_stopped({.failure = lock.error().message});
    run_the_workers(std::move(*lock));
  }
  is_stopping_all_ = true;
  fallback_->shut_down(supervisor_host::ShutdownScope::kWorkersAndAppsThatStopOnQuit);
}

void BusSession::on_registry() {
  const auto before = registered_;
  refresh_workers();
  subscriber_.follow(directory_.services());
  osc_.on_registry(directory_.services());
  audio_.on_registry();
  logs_.on_registry(registered_);
  reap_former_workers();
  keeper_.look();
  stopper_.look();
  look_at_fallback();
  if (differ(before, registered_)) list_workers();
}

// Somebody has not been heard for long: nobody is called silent on the word of a watch, which may have gone blind.
void BusSession::look_at_stale() {
  directory_.refresh();
  on_registry();
}

void BusSession::on_telemetry(const wire::Telemetry& telemetry) {
  const std::string_view topic = telemetry.topic;
  if (topic == wire::topic::kSpotifyState || topic == wire::topic::kVirtualDjState) {
    mailbox_.put(wire::playback_state_from(telemetry.payload));
  } else if (topic == wire::topic::kPlaybackActive) {
    mailbox_.put(ActiveSourceChanged{telemetry.payload["source"].string_or("")});
  } else if (topic == wire::topic::kEventsLifecycle) {
    list_workers();
  } else if (topic == wire::topic::kLogsRecord) {
    logs_.on_record(telemetry.payload);
  } else if (topic == wire::topic::kLogsAggregated) {
    logs_.on_records(telemetry.payload["logs"]);
  } else if (topic == wire::topic::kOscStats) {
    osc_.on_stats(telemetry.payload);
  } else if (topic == wire::topic::kAudioStats || topic == wire::topic::kAudioBenchmark) {
    audio_.on_telemetry(telemetry);
  } else {
    on_metric(telemetry);
  }
}

// Only what the screen would show differently is passed on.
void BusSession::on_metric(const wire::Telemetry& telemetry) {
  Metrics metrics = metrics_;
  const auto& payload = telemetry.payload;
  if (telemetry.topic == wire::topic::kLyricsFetched) {
    metrics.lyrics = LyricsMetric{.available = payload["has_lyrics"].boolean_or(false),
                                  .lines = static_cast<int>(payload["line_count"].integer_or(0))};
  } else if (telemetry.topic == wire::topic::kSongCategorized) {
    metrics.mood = payload["primary_mood"].string_or("");
    if (metrics.mood->empty()) metrics.mood.reset();
  }
  if (metrics == metrics_) return;
  metrics_ = std::move(metrics);
  mailbox_.put(MetricsChanged{metrics_});
}

void BusSession::on_manager(const ProcessManager& manager) {
  const bool had_failed = std::exchange(has_failed_, manager.state == ManagerState::kFailed);
  const bool helps_itself = is_wanted_ && setup_.config.console.auto_heal_workers;
  if (!fallback_) tell_manager(manager);
  if (has_failed_ && !had_failed && helps_itself) begin_fallback();
  if (has_failed_ && !fallback_) refuse_what_waited("the process manager failed: " + manager.reason);
}

// What a person has asked for comes first: an order to start everything would take it for done.
void BusSession::on_ready() {
  pass_on_what_waited();
  start_all();
}

void BusSession::tell_manager(const ProcessManager& manager) {
  const auto* entry = directory_.services().find(wire::service::kProcessManager);
  const bool is_fallback = manager.state == ManagerState::kRunning && entry != nullptr &&
                           entry->metadata[wire::role::kKey].string_or("") == wire::role::kFallback;
  if (manager == manager_ && is_fallback == is_fallback_) return;
  manager_ = manager;
  is_fallback_ = is_fallback;
  if (manager_.state != ManagerState::kRunning) {
    listed_.reset();
    statistics_.cancel();
  }
  mailbox_.put(ManagerChanged{manager_, is_fallback_});
  refresh_workers();
}

// The same supervisor as the daemon's, in this process; a daemon that somebody starts takes over from it.
void BusSession::begin_fallback() {
  auto lock = supervisor_host::take_home(setup_.home, supervisor_host::Role::kFallback);
  if (!lock) return log_.error("❌ Fallback mode is not possible: {}", lock.error().message);
  log_.warning("⚠️ Fallback mode: this console runs the workers itself");
  run_the_workers(std::move(*lock));
}

void BusSession::run_the_workers(platform::FileLock lock) {
  fallback_.emplace(loop_, log_, context_, setup_.config,
                    supervisor_host::ProcessManager::Options{.home = setup_.home,
                                                             .programs = platform::executable_folder() / "workers",
                                                             .config_file = setup_.config_file,
                                                             .role = supervisor_host::Role::kFallback},
                    std::move(lock),
                    supervisor_host::ProcessManager::Callbacks{
                        .ended = [this](supervisor_host::Ending ending) { on_fallback_ended(ending); }});
}

void BusSession::look_at_fallback() {
  const auto entry = directory_.alive(wire::service::kProcessManager);
  const bool is_ready = fallback_ && !is_stopping_all_ && entry && entry->pid == platform::own_pid();
  if (!is_ready || manager_.state == ManagerState::kRunning) return;
  tell_manager({.state = ManagerState::kRunning,
                .pid = platform::own_pid(),
                .started_at = loop_.now(),
                .restart_at = {},
                .reason = {}});
  on_ready();
}

void BusSession::on_fallback_ended(supervisor_host::Ending ending) {
  // It must not be destroyed within its own call.
  loop_.post([this, ending] {
    fallback_.reset();
    has_former_workers_ = true;
    if (is_ending_) return loop_.stop();
    const bool was_stopping_all = std::exchange(is_stopping_all_, false);
    if (was_stopping_all && ending == supervisor_host::Ending::kShutDown) return on_everything_stopped({});
    follow_fallback(ending);
    // Whoever has taken over has also what was still to be stopped.
    if (was_stopping_all) on_everything_stopped({.failure = "a process manager has taken over"});
  });
}

// Who has taken them over sees their end, but can neither reap them nor learn how they ended before they are. It takes
// them out of the registry then, which calls us.
void BusSession::reap_former_workers() {
  if (!has_former_workers_ || fallback_) return;
  for (const platform::Pid child : platform::exited_children()) {
    if (child == manager_.pid) continue;  // its keeper wants to know how it ended
    [[maybe_unused]] const auto status = platform::reap(child);
  }
}

void BusSession::follow_fallback(supervisor_host::Ending ending) {
  using supervisor_host::Ending;
  switch (ending) {
    case Ending::kYielded:
      log_.info("✓ A process manager has taken over");
      return keeper_.expect_successor();
    case Ending::kRestart:
      return keeper_.expect_successor();
    case Ending::kShutDown:
      log_.info("🛑 Process manager stopped");
      return keeper_.forget();
    case Ending::kHandedOver:
      log_.info("🛑 Process manager left, the workers run on");
      return keeper_.forget();
    case Ending::kFailed:
      return tell_manager({.state = ManagerState::kFailed,
                           .pid = {},
                           .started_at = {},
                           .restart_at = {},
                           .reason = "nor can this console run the workers"});
  }
}

void BusSession::end() {
  is_ending_ = true;
  if (!fallback_) return loop_.stop();
  fallback_->leave(supervisor_host::Ending::kHandedOver);
}

void BusSession::on_everything_stopped(EverythingStopped stopped) {
  if (!stopped.failure.empty()) keeper_.resume();  // this console stays
  mailbox_.put(std::move(stopped));
}

// A console that somebody starts starts the show; whoever runs the workers later is only asked to mend it.
void BusSession::start_all() {
  list_workers();
  statistics_.every(kStatisticsInterval);
  if (!setup_.auto_start) return;
  const bool heals = std::exchange(has_started_all_, true);
  log_.info("{}",
            heals ? "📡 Re-requesting worker starts..." : "📡 Requesting process manager to start all workers...");
  client_.send(wire::service::kProcessManager, wire::command::kStartAll, wire::Value::object({{"heal", heals}}),
               [this, heals](const Result<wire::Response>& answer) {
                 if (const auto failure = failure_of(answer); !failure.empty()) {
                   log_.error("✗ Failed to start the workers: {}", failure);
                   return;
                 }
                 on_started(answer->result, heals);
               });
}

void BusSession::on_started(const wire::Value& result, bool heals) {
  if (const auto* started = result["started"].elements()) {
    for (const auto& name : *started) log_.info("  ✓ {} started", name.string_or(""));
  }
  // Who is asked to mend has nothing to do for most of them.
  if (const auto* refused = result["refused"].elements(); refused != nullptr && !heals) {
    for (const auto& each : *refused) {
      const auto name = each["name"].string_or("");
      const auto reason = each["reason"].string_or("");
      if (reason.starts_with("already running")) {
        log_.info("  ✓ {} already runs", name);
      } else {
        log_.warning("  ✗ {}: {}", name, reason);
      }
    }
  }
  may_discover_ = true;
  discovery_deadline_.after(kDiscoveryTime);
  list_workers();
}

// Says how many are there: as soon as it is all of them, and after a while in any case.
void BusSession::look_for_workers() {
  if (!may_discover_) return;
  may_discover_ = false;
  discovery_deadline_.cancel();
  const auto connected =
      std::ranges::count_if(rows_, [](const WorkerRow& row) { return row.connected && row.enabled && !row.is_app; });
  log_.info("Discovered {} worker{}", connected, connected == 1 ? "" : "s");
}

void BusSession::list_workers() {
  if (manager_.state != ManagerState::kRunning) return;
  if (is_listing_) {
    list_again_ = true;
    return;
  }
  is_listing_ = true;
  client_.send(wire::service::kProcessManager, wire::command::kListWorkers, wire::Value::object(),
               [this](const Result<wire::Response>& answer) {
                 is_listing_ = false;
                 if (answer) keeper_.hear();
                 if (answer && answer->result["workers"].elements() != nullptr) {
                   listed_ = WorkerSources::Listed{{}, loop_.now()};
                   for (const auto& each : *answer->result["workers"].elements()) {
                     if (auto info = wire::worker_info_from(each)) listed_->workers.push_back(std::move(*info));
                   }
                   keeper_.allow_for_stops_of(longest_stop());
                   refresh_workers();
                 }
                 if (std::exchange(list_again_, false)) list_workers();
               });
}

// Where the process manager would look. Once: one that is installed meanwhile is known when it has run.
void BusSession::look_for_programs() {
  const auto beside_workers = platform::executable_folder() / "workers";
  for (const auto& worker : setup_.config.workers) {
    if (worker.kind != config::WorkerKind::kApp || worker.command.empty()) continue;
    if (!platform::find_program(worker.command.front(), beside_workers)) not_installed_.push_back(worker.name);
  }
}

// Looks again at who is alive: a killed worker leaves its entry as it was.
void BusSession::refresh_workers() {
  registered_.clear();
  for (const auto& entry : directory_.services().services) registered_.push_back(registered(entry, loop_.now()));
  if (const auto next = next_stale(registered_, loop_.now())) stale_.at(*next);
  auto rows = worker_rows({.configured = setup_.config.workers,
                           .listed = listed_,
                           .registered = registered_,
                           .own_version = VJ_VERSION,
                           .not_installed = not_installed_},
                          rows_);
  for (auto& row : rows) {
    if (row.state == WorkerState::kRunning && !row.installed) {
      std::erase(not_installed_, row.name);
      row.installed = true;
    }
  }
  if (rows != rows_) {
    rows_ = std::move(rows);
    mailbox_.put(WorkersChanged{rows_});
  }
  const bool all_there =
      std::ranges::all_of(rows_, [](const WorkerRow& row) { return row.connected || !row.enabled || row.is_app; });
  if (may_discover_ && all_there) look_for_workers();
}

// The process manager may have read another configuration since this console was started.
Duration BusSession::longest_stop() const {
  Duration longest = config::longest_stop(setup_.config);
  if (!listed_) return longest;
  for (const auto& worker : listed_->workers) longest = std::max(longest, from_seconds(worker.stop_timeout));
  return longest;
}

void BusSession::ask(const Ask& ask) {
  if (manager_.state == ManagerState::kRunning) return pass_on(ask);
  log_.info("🚀 The process manager is needed to {} {}", verb_of(ask.asked), ask.worker);
  is_wanted_ = true;
  // Who asks twice means it as it was said last.
  std::erase_if(waiting_, [&](const Ask& earlier) { return earlier.worker == ask.worker; });
  waiting_.push_back(ask);
  if (!fallback_) keeper_.start();
}

void BusSession::pass_on_what_waited() {
  for (const Ask& ask : std::exchange(waiting_, {})) {
    log_.info("📡 Requesting process manager to {} {}...", verb_of(ask.asked), ask.worker);
    pass_on(ask);
  }
}

void BusSession::refuse_what_waited(const std::string& why) {
  for (const Ask& ask : std::exchange(waiting_, {})) {
    log_.error("✗ Failed to {} {}: {}", verb_of(ask.asked), ask.worker, why);
    mailbox_.put(Answered{ask.worker, ask.asked, why});
  }
}

void BusSession::pass_on(const Ask& ask) {
  client_.send(wire::service::kProcessManager, command_for(ask.asked), wire::Value::object({{"worker", ask.worker}}),
               bus::usual_timeout(command_for(ask.asked), longest_stop()),
               [this, ask](const Result<wire::Response>& answer) {
                 mailbox_.put(Answered{ask.worker, ask.asked, failure_of(answer)});
                 list_workers();
               });
}

}  // namespace vj::console
