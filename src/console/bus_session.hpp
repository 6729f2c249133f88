// Everything that the bus thread owns: sockets, registry, the process manager's keeper, and what they have said so far.
// Belongs to the bus thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/audio_feed.hpp"
#include "console/bus_feed.hpp"
#include "console/everything_stopper.hpp"
#include "console/log_feed.hpp"
#include "console/mailbox.hpp"
#include "console/manager_keeper.hpp"
#include "console/osc_feed.hpp"
#include "console/worker_table.hpp"
#include "platform/log.hpp"
#include "supervisor_host/process_manager.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/directory.hpp"
#include "vj_bus/socket.hpp"
#include "vj_bus/subscriber.hpp"

namespace vj::console {

class BusSession {
 public:
  BusSession(platform::EventLoop& loop, const BusFeed::Setup& setup, Mailbox& mailbox);

  void begin();
  void carry_out(BusFeed::Request request);

  // Lets go of the bus, then stops the loop. Every process runs on.
  void end();

 private:
  void on_registry();
  void look_at_stale();
  void on_telemetry(const wire::Telemetry& telemetry);
  void on_metric(const wire::Telemetry& telemetry);
  void on_manager(const ProcessManager& manager);
  void on_ready();
  void stop_everything();
  void stop_what_nobody_runs();
  void begin_fallback();
  void run_the_workers(platform::FileLock lock);
  void look_at_fallback();
  void on_fallback_ended(supervisor_host::Ending ending);
  void reap_former_workers();
  void follow_fallback(supervisor_host::Ending ending);
  void on_everything_stopped(EverythingStopped stopped);
  void tell_manager(const ProcessManager& manager);
  void start_all();
  void on_started(const wire::Value& result, bool heals);
  void look_for_workers();
  void list_workers();
  void look_for_programs();
  void refresh_workers();
  [[nodiscard]] Duration longest_stop() const;
  void ask(const Ask& ask);
  void pass_on(const Ask& ask);
  void pass_on_what_waited();
  void refuse_what_waited(const std::string& why);

  platform::EventLoop& loop_;
  const BusFeed::Setup& setup_;
  Mailbox& mailbox_;
  platform::Logger log_;
  bus::Context context_;
  bus::Directory directory_;
  bus::Client client_;
  bus::Subscriber subscriber_;
  LogFeed logs_;
  OscFeed osc_;
  AudioFeed audio_;
  ManagerKeeper keeper_;
  EverythingStopper stopper_;
  std::optional<supervisor_host::ProcessManager> fallback_;  // while no process manager can be had

  ProcessManager manager_;
  bool is_ending_ = false;
  bool is_stopping_all_ = false;     // the fallback has been told to
  bool has_former_workers_ = false;  // children of this process that somebody else supervises
  bool has_failed_ = false;          // what the keeper said last
  bool is_fallback_ = false;         // a console, this one or another, does the process manager's work
  bool has_started_all_ = false;     // the person who started this console got what he asked for
  bool is_wanted_ = false;           // a process manager: by how this console was started, or by what was asked of it
  std::vector<Ask> waiting_;         // for a process manager that answers
  std::vector<RegisteredService> registered_;
  std::optional<WorkerSources::Listed> listed_;
  bool is_listing_ = false;
  bool list_again_ = false;
  std::vector<std::string> not_installed_;  // apps
  std::vector<WorkerRow> rows_;
  Metrics metrics_;
  bool may_discover_ = false;  // all workers have been asked for, and are not all there yet
  platform::EventLoop::Timer discovery_deadline_;
  platform::EventLoop::Timer stale_;
  platform::EventLoop::Timer statistics_;
};

}  // namespace vj::console
