// One worker or app: what is configured, what supervision knows of it, and its process. Reports what happens to
// supervision::step and carries out what comes back; it decides nothing about restarts itself.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "supervision/supervisor.hpp"
#include "supervisor_host/config_file.hpp"
#include "supervisor_host/health_monitor.hpp"
#include "supervisor_host/owned_process.hpp"
#include "supervisor_host/state_file.hpp"
#include "supervisor_host/worker_log.hpp"
#include "vj_bus/registry.hpp"
#include "wire/worker_payload.hpp"

namespace vj::supervisor_host {

class ManagedWorker;

// What all workers of one process manager share. Outlives them.
struct Surroundings {
  platform::EventLoop& loop;
  platform::Logger& log;
  bus::Context& context;
  bus::Registry& registry;
  platform::Path home;
  platform::Path programs;  // where our own programs lie
  ConfigFile& config_file;  // which our programs are told to read
  std::function<void(const wire::LifecycleEvent&)> publish;
  std::function<void(const config::Worker&, std::string_view state)> state_changed;  // the state is one of state_of's
  std::function<void()> save_now;                                            // the state file, before and after a spawn
  std::function<void()> changed;                                             // state or deadline of a worker
  std::function<void(const std::string& worker, platform::Pid)> unregister;  // its registry entry has no owner any more
  std::function<ManagedWorker*(platform::Pid, const std::string& token)>
      owner_of;                                               // or of whom it descends; may be none
  std::function<void(const std::string& token)> token_ended;  // nobody was found to bear it any more
};

// How a start, stop or restart ended.
struct Outcome {
  bool done = false;
  bool refused = false;        // nothing was tried
  bool is_so_already = false;  // because it runs, or does not
  std::string reason{};        // why not done
};

class ManagedWorker {
 public:
  using Done = std::function<void(const Outcome&)>;

  ManagedWorker(Surroundings& surroundings, config::Worker spec, bool auto_heal);
  ManagedWorker(const ManagedWorker&) = delete;
  ManagedWorker& operator=(const ManagedWorker&) = delete;

  [[nodiscard]] const config::Worker& spec() const { return spec_; }
  [[nodiscard]] const supervision::Worker& worker() const { return worker_; }
  [[nodiscard]] std::string_view state() const { return supervision::state_of(worker_); }
  [[nodiscard]] bool has_process() const { return supervision::process_of(worker_) != nullptr; }
  [[nodiscard]] std::optional<Time> next_deadline() const { return supervision::next_deadline(worker_, policy_); }
  // Whether its own entry has been seen.
  [[nodiscard]] bool is_registered() const { return entry_.has_value(); }
  // Whether its silence would be a sign of a hang.
  [[nodiscard]] bool is_to_beat() const;
  [[nodiscard]] Duration stop_timeout() const { return policy_.stop_timeout; }

  // `done` is called when the process has been started or has gone, or it is clear that it will not.
  void start(supervision::RequestedBy by, Done done);
  void stop(Done done);
  void restart(Done done);
  // Stops it for good: it is not started and adopts nothing until it is configured again.
  void forget(Done done);
  [[nodiscard]] bool is_forgotten() const { return forgotten_; }
  // No attempt is used any more, and a failed one is a stopped one again; noted when this returns.
  void reset();

  void feed(const supervision::Event& event);
  // Its deadline has come. With `excused` nothing can be concluded from its silence.
  void tick(bool excused);

  // Takes over what a predecessor knew: first all workers recall, then each goes on where it was.
  void recall(const WorkerRecord& record);
  void resume(const WorkerRecord& record);
  [[nodiscard]] WorkerRecord record() const;

  // The registry's entry of this name has changed, or is looked at again: a heartbeat, or a process to adopt.
  void see(const bus::ServiceEntry& entry);
  void see_no_entry();

  // Looks for a copy of an app that somebody else started. Reads all processes: not for every turn.
  void look_for_foreign_copy();

  void configure(config::Worker spec, bool auto_heal);

  // It has started a process that is registered under another worker's name.
  void registers_as(std::string_view other);

  // Whether a process with this token is its own, or its own's descendant.
  [[nodiscard]] bool has_started(const std::string& token) const {
    return has_process() && !token.empty() && token == token_;
  }
  // Whether the end of this process is noticed here.
  [[nodiscard]] bool owns(platform::Pid pid) const;

  [[nodiscard]] WorkerLog& log_file() { return log_file_; }
  [[nodiscard]] wire::WorkerInfo info();

 private:
  enum class Wanted { kStarted, kStopped };
  struct Waiter {
    Wanted wanted;
    supervision::Generation since;  // the last generation when it was asked
    Done done;
  };

  struct Seen {
    supervision::Generation generation;
    std::uint64_t edition;
    friend bool operator==(const Seen&, const Seen&) = default;
  };

  struct SignalProblem {
    supervision::Generation generation;
    std::string what;
  };

  void request(const supervision::Event& event, Wanted wanted, Done done);
  void request_start(const supervision::Event& event, Done done);
  void carry_out(const supervision::Action& action);
  void spawn(supervision::Generation generation);
  [[nodiscard]] Result<platform::SpawnedProcess> launch();
  void own(platform::ProcessHandle handle, platform::ProcessIdentity identity, supervision::Generation generation);
  [[nodiscard]] bool adopt(const platform::ProcessIdentity& identity, supervision::Generation generation,
                           std::optional<supervision::Afterwards> afterwards = {});
  void adopt_registered(const bus::ServiceEntry& entry, const platform::ProcessIdentity& identity,
                        const std::string& token);
  void on_exit(supervision::Generation generation, std::optional<int> code, bool group_empty);
  [[nodiscard]] bool file_is_to_blame(std::optional<int> code) const;
  void announce(const supervision::Happening& what);
  void tell(const wire::LifecycleEvent& event);
  void answer_waiters();
  [[nodiscard]] std::optional<Outcome> outcome_of(const Waiter& waiter) const;
  [[nodiscard]] bool take_beat(const bus::ServiceEntry& entry);
  [[nodiscard]] bool is_ours(const bus::ServiceEntry& entry, const supervision::Process& process) const;
  void leave_registry();

  void end_orphans() const;
  void watch_health();

  Surroundings& around_;
  config::Worker spec_;
  supervision::Policy policy_;
  supervision::Worker worker_;
  bool forgotten_ = false;
  WorkerLog log_file_;
  std::string token_;
  std::unique_ptr<OwnedProcess> process_;
  std::optional<ConfigFile::Start> started_with_;  // of a program of ours that we have started
  std::optional<bus::ServiceEntry> entry_;         // as last seen, or older by heartbeats
  std::optional<Seen> seen_;                       // of the registry, as that process's
  std::unique_ptr<HealthMonitor> health_;          // while it runs
  std::vector<Waiter> waiters_;
  std::optional<RecordedPhase> recalled_;  // until it is resumed
  int events_told_ = 0;
  std::optional<std::string> refused_;           // by the event that is being fed
  std::optional<SignalProblem> signal_problem_;  // of a signal that this event asked for
  std::string last_problem_;                     // why the last spawn or stop failed
  std::string registered_as_;                    // what its process calls itself, if that is another's name
  struct {
    Duration cpu{};
    Time when;
    std::optional<double> percent;
  } last_usage_;
};

}  // namespace vj::supervisor_host
