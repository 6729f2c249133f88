// All workers and apps of one process manager, and what they have in common: one timer for their deadlines, the state
// file, the checks every few seconds. Belongs to the loop's thread. Dying, it leaves every process running.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/compare.hpp"
#include "config/config.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "platform/write_alarm.hpp"
#include "supervisor_host/managed_worker.hpp"
#include "vj_bus/directory.hpp"

namespace vj::supervisor_host {

struct TableOptions {
  platform::Path home;
  platform::Path programs;
  std::optional<platform::Path> config_file;
  std::function<void()> changed{};                 // after a turn in which any worker's state has; may be empty
  std::function<void()> checked{};                 // with each check; may be empty
  std::function<bool()> silence_proves_nothing{};  // no heartbeat could have been seen; may be empty
};

// Which processes a shutdown ends.
enum class ShutdownScope { kWorkers, kWorkersAndAppsThatStopOnQuit };

struct StartAllOutcome {
  std::vector<std::string> started;
  std::vector<std::pair<std::string, std::string>> refused;  // name, reason
};

class WorkerTable {
 public:
  using Publish = std::function<void(const wire::LifecycleEvent&)>;
  using StateChanged = std::function<void(std::string_view name, config::WorkerKind, std::string_view state)>;

  // Adopts what runs already. `loop`, `log`, `context` and `directory` outlive the table.
  WorkerTable(platform::EventLoop& loop, platform::Logger& log, bus::Context& context, bus::Directory& directory,
              const config::Config& config, TableOptions options, Publish publish, StateChanged state_changed);
  WorkerTable(const WorkerTable&) = delete;
  WorkerTable& operator=(const WorkerTable&) = delete;

  [[nodiscard]] ManagedWorker* find(std::string_view name);
  [[nodiscard]] const std::vector<std::unique_ptr<ManagedWorker>>& workers() const { return workers_; }

  // Every enabled worker and app. Calls back when each has been started or refused.
  void start_all(supervision::RequestedBy by, std::function<void(const StartAllOutcome&)> done);
  // Every worker that runs or waits to. Calls back, with the names, when all have gone.
  void stop_all(std::function<void(std::vector<std::string>)> done);

  // Stops what a quitting person means. Calls back, with the names, when all have gone.
  void stop(ShutdownScope scope, std::function<void(std::vector<std::string>)> done);
  // The same, and forgets: nothing is started any more, and a successor finds only what was left running, and of the
  // others who had been stopped by a person, or had failed, before.
  void shut_down(ShutdownScope scope, std::function<void()> done);
  // The same at once, although not all have gone: a successor goes on with those that have not.
  void conclude_shut_down();

  // Takes a new configuration over: new workers can be started, those that are gone are stopped and forgotten.
  void configure(const config::Config& config);

  // What its programs are configured by.
  [[nodiscard]] ConfigFile& config_file() { return config_file_; }

  // What `list_workers` shows, and all of it noted for a successor: a kill right after the answer takes nothing of it
  // back. Looks for copies of apps that were started elsewhere, not more often than every 2 s.
  [[nodiscard]] std::vector<wire::WorkerInfo> list();

  // The registry has changed: heartbeats, processes to adopt.
  void see(const bus::RegistrySnapshot& registry);

  // Writes the state file now, for a successor, if anything in it has changed.
  void save();
  // Writes it in any case: what was written may be lost.
  void save_anew();

 private:
  void restore();
  void on_deadline();
  void note(const config::Worker& worker, std::string_view state);
  void tell_states();
  void look_up(ManagedWorker& worker, const bus::RegistrySnapshot& registry);
  void check();
  void end_who_was_missed();
  [[nodiscard]] ManagedWorker* owner_of(platform::Pid pid, const std::string& token) const;
  void check_every(Duration interval);
  // Looks at those that may have grown. Whether one grows so fast that it is to be looked at again soon.
  [[nodiscard]] bool look_at_logs();
  void look_at_written_logs();
  void watch_logs();
  void changed();
  void arm();
  void unregister(const std::string& worker, platform::Pid pid);
  void retry_unregistering();
  [[nodiscard]] std::unique_ptr<ManagedWorker> make(const config::Worker& spec);
  void stop_and_forget(ManagedWorker& worker);
  void stop_these(const std::vector<ManagedWorker*>& workers, std::function<void(std::vector<std::string>)> done);

  platform::EventLoop& loop_;
  platform::Logger& log_;
  bus::Directory& directory_;
  platform::Subreaper subreaper_;
  ConfigFile config_file_;
  Surroundings surroundings_;
  std::function<void()> on_change_;
  std::function<void()> on_check_;
  std::function<bool()> silence_proves_nothing_;
  StateChanged state_changed_;
  struct State {
    std::string name;
    config::WorkerKind kind;
    std::string_view state;
  };
  std::vector<State> to_tell_;
  bool auto_heal_;
  std::vector<std::unique_ptr<ManagedWorker>> workers_;
  bool change_noted_ = false;
  bool shutting_down_ = false;
  std::map<std::string, supervision::Intent> stays_down_;  // in a shutdown: what is not its doing
  std::optional<WorkerRecords> last_saved_;
  std::string last_save_problem_;
  std::vector<std::pair<std::string, platform::Pid>> to_unregister_;
  std::set<std::string> ended_tokens_;          // since the last check
  std::set<std::string> earlier_ended_tokens_;  // in the check interval before
  Time last_foreign_look_{};
  platform::EventLoop::Timer deadline_timer_;
  platform::EventLoop::Timer check_timer_;
  std::optional<WorkerLog> own_log_;  // where a console lets the process manager itself write into it
  platform::WriteAlarm log_alarm_;
  std::optional<std::size_t> watched_logs_;    // how many, when all who run were among them
  platform::EventLoop::Timer log_timer_;       // a log is written to: how much?
  platform::EventLoop::Timer log_rest_timer_;  // nothing worth a look so soon again
  platform::EventLoop::Timer unregister_timer_;
  std::shared_ptr<bool> alive_;  // for work that was posted before the table died
};

}  // namespace vj::supervisor_host
