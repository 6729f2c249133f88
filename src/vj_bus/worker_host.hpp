// Everything a worker needs around its own work: command line, configuration, event loop, signals, log, command and
// telemetry sockets, registration and heartbeat, the standard commands, a clean end. A worker is a class that takes a
// WorkerHost& and what it does there; src/workers/example is the template. Belongs to one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "platform/signals.hpp"
#include "vj_bus/directory.hpp"
#include "vj_bus/publisher.hpp"
#include "vj_bus/registration.hpp"
#include "vj_bus/service.hpp"

namespace vj::bus {

class WorkerHost;

// What a worker is; it lives from after the registration to the end of the loop.
class Worker {
 public:
  virtual ~Worker() = default;

  // For get_state: what it is set to, and what it has counted. For people and scripts; add freely.
  [[nodiscard]] virtual wire::Value settings() const { return wire::Value::object(); }
  [[nodiscard]] virtual wire::Value metrics() const { return wire::Value::object(); }

  // For set_config: takes over what can change while running. Says whether a restart is needed for the rest; kInvalid
  // where a value is impossible, and then nothing has changed.
  [[nodiscard]] virtual Result<bool> set_config(const wire::Value& changes);
};

struct WorkerDescription {
  std::string name;     // its name on the bus
  std::string summary;  // one line for --help
};

using MakeWorker = std::function<std::unique_ptr<Worker>(WorkerHost&)>;

// The whole main() of a worker. Returns the exit code: 0 done, 1 failed, 2 wrong usage, 78 configuration.
int run_worker(int argc, char** argv, const WorkerDescription& description, const MakeWorker& make);

class WorkerHost {
 public:
  using CommandHandler = std::function<void(Request)>;

  [[nodiscard]] platform::EventLoop& loop() { return loop_; }
  [[nodiscard]] platform::Logger& log() { return log_; }
  [[nodiscard]] Context& context() { return context_; }
  [[nodiscard]] Publisher& publisher() { return publisher_; }
  [[nodiscard]] const config::Config& config() const { return config_; }
  [[nodiscard]] const platform::Path& home() const { return home_; }
  [[nodiscard]] const std::string& name() const { return description_.name; }

  // Answers `command` from now on. The standard commands are the host's own.
  void on_command(std::string_view command, CommandHandler handler);

  // It works, or only in part: the reason says what is missing and how to mend it, and everybody sees it.
  void set_running() { registration_->set_status("running"); }
  void set_degraded(std::string reason) { registration_->set_status("degraded", std::move(reason)); }
  // Adds to the registry entry, for readers that look for it ("osc_port").
  void set_metadata(std::string_view key, wire::Value value) { registration_->set_metadata(key, std::move(value)); }
  void made_progress() { registration_->made_progress(); }

  // Calls with the registry now, on every news in it, and after each heartbeat of the worker's own, which is the time
  // to let go of who has died without a word. The heartbeats of others do not wake it.
  void follow_registry(Directory::Callback changed);
  [[nodiscard]] Directory& directory() { return directory_; }

 private:
  friend int run_worker(int, char**, const WorkerDescription&, const MakeWorker&);
  WorkerHost(WorkerDescription description, platform::Path home, config::Config config);

  int run(const MakeWorker& make);
  [[nodiscard]] Result<void> take_singleton_lock();
  void start(config::Ports ports);
  void handle(Request request);
  void set_config(Request request);
  void stop(std::string_view status);

  WorkerDescription description_;
  platform::Path home_;
  config::Config config_;
  platform::EventLoop loop_;
  platform::SignalWatch signals_;
  platform::Logger log_;
  Context context_;
  Publisher publisher_;
  CommandServer server_;
  std::map<std::string, CommandHandler, std::less<>> handlers_;
  std::optional<platform::FileLock> lock_;
  Time started_at_;
  Directory::Callback registry_changed_;
  Directory directory_;
  std::optional<Registration> registration_;
  std::string last_status_;  // what is written into the registry at the end; empty: the entry is removed
  MakeWorker make_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace vj::bus
