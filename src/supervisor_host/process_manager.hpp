// The service `process_manager`: a table of workers, its commands on the bus, its place in the registry. The daemon
// runs one; a console that cannot start a daemon runs one itself. Whoever holds the home's lock is the process manager.
// Belongs to the loop's thread. Dying, it leaves every process running for a successor.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/exit_code.hpp"
#include "config/config.hpp"
#include "platform/event_loop.hpp"
#include "platform/files.hpp"
#include "platform/log.hpp"
#include "supervisor_host/commands.hpp"
#include "supervisor_host/state_osc.hpp"
#include "supervisor_host/worker_table.hpp"
#include "vj_bus/directory.hpp"
#include "vj_bus/port_binder.hpp"
#include "vj_bus/publisher.hpp"
#include "vj_bus/registration.hpp"
#include "vj_bus/service.hpp"

namespace vj::supervisor_host {

enum class Role {
  kDaemon,
  kFallback,  // inside a console: yields to the first daemon that asks
};

enum class Ending {
  kShutDown,    // the workers are stopped
  kHandedOver,  // everything runs on, for a successor
  kYielded,     // the same, and the successor is waiting
  kRestart,     // the same, and a successor is wanted at once
  kFailed,      // it could not begin; the log says why
};

// The home's lock. kConflict, naming the holder, while another process manager has it. A console's is asked to yield
// first, which takes up to two seconds.
[[nodiscard]] Result<platform::FileLock> take_home(const platform::Path& home, Role role);

// With which a program ends that could not take it (among other reasons).
inline constexpr int kExitRefused = kExitFailed;

// Whether somebody holds it now.
[[nodiscard]] bool is_home_taken(const platform::Path& home);

class ProcessManager {
 public:
  struct Options {
    platform::Path home;
    platform::Path programs;                    // the folder of the worker programs
    std::optional<platform::Path> config_file;  // where it is not the home's own
    Role role = Role::kDaemon;
    bool stays = false;  // a service manager runs it: a console that quits stops the workers, not it
  };
  struct Callbacks {
    std::function<void(Ending)> ended;                 // once; it may be destroyed then, not in the call
    std::function<void()> ready{};                     // may be empty: on the bus and in the registry from now on
    std::function<void()> stopping{};                  // may be empty: it is about to end
    std::function<void(const std::string&)> status{};  // may be empty: one line for people, when it has changed
  };

  // Adopts at once. The callbacks come from the loop.
  ProcessManager(platform::EventLoop& loop, platform::Logger& log, bus::Context& context, config::Config config,
                 Options options, platform::FileLock lock, Callbacks callbacks);
  ~ProcessManager();

  [[nodiscard]] WorkerTable& workers() { return table_; }
  void publish(const LogRecord& record);

  void start_all(supervision::RequestedBy by);
  // Stops the processes in `scope`, then ends.
  void shut_down(ShutdownScope scope);
  // Ends and leaves everything running; during a shutdown, what has not stopped yet, for a successor to see to.
  void leave(Ending ending);
  [[nodiscard]] Result<config::Changes> reload();

 private:
  void see(const bus::RegistrySnapshot& registry);
  void announce_ready(config::Ports ports);
  void tell_status();
  void keep_home();
  void publish(const wire::LifecycleEvent& event);
  void publish_early_events();
  [[nodiscard]] bool silence_proves_nothing();
  void set_metadata(std::string_view name, wire::Value value);
  [[nodiscard]] bool is_ending() const { return stage_ != Stage::kRunning; }
  void end(Ending ending);

  platform::EventLoop& loop_;
  platform::Logger& log_;
  config::Config config_;
  Options options_;
  platform::Path lock_file_;
  platform::FileLock lock_;
  Callbacks callbacks_;
  std::string told_status_;
  std::string home_problem_;  // why it cannot be made again
  enum class Stage { kRunning, kShuttingDown, kLeaving };
  Stage stage_ = Stage::kRunning;
  platform::EventLoop::Timer end_timer_;
  bool told_of_doubt_ = false;
  bus::Directory directory_;
  bus::Publisher publisher_;
  std::vector<wire::Value> early_events_;  // of before anybody could have heard them
  platform::EventLoop::Timer early_events_timer_;
  std::optional<bus::Registration> registration_;
  wire::Value osc_metadata_ = wire::Value::object();  // until there is a registration
  StateOsc osc_;
  WorkerTable table_;
  Commands commands_;
  bus::CommandServer server_;
  bus::PortBinder binder_;
};

}  // namespace vj::supervisor_host
