// The second level of healing: finds the process manager or starts it, watches it, and brings it back, as
// supervision::step decides. It knows no worker. Belongs to the loop's thread.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "console/model.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "platform/process.hpp"
#include "platform/unique_fd.hpp"
#include "supervision/supervisor.hpp"
#include "vj_bus/directory.hpp"

namespace vj::console {

[[nodiscard]] supervision::Policy manager_policy(const config::Config& config);

// What the screen shows of a process manager in this phase. `may_start` is false where this console starts none
// unasked.
[[nodiscard]] ProcessManager shown_manager(const supervision::Worker& worker, bool may_start);

class ManagerKeeper {
 public:
  struct Setup {
    platform::Path home;
    std::optional<platform::Path> config_file;
    supervision::Policy policy;
    bool may_start = true;  // unasked
  };
  struct Callbacks {
    std::function<void(const ProcessManager&)> changed;
    std::function<void()> ready;  // it answers from now on
  };

  ManagerKeeper(platform::EventLoop& loop, bus::Directory& directory, platform::Logger& log, Setup setup,
                Callbacks callbacks);

  // Finds it, or starts it where it may.
  void begin();

  // Somebody has asked for what only it can do: it is started also where it is not started unasked, has failed, or
  // waits for its restart.
  void start();

  // The registry has changed: it may have come, gone or beaten. This process itself is never kept.
  void look();

  // This console has run the workers itself, and does not any more: nobody runs them now, and that is wanted.
  void forget();
  // The same, but another process manager is about to come: one that does not is started.
  void expect_successor();

  // It has answered: a sign of life as good as a heartbeat, and one that needs no registry that can be written.
  void hear();

  // It may take as long to stop as the slowest of its workers, and this is their time.
  void allow_for_stops_of(Duration longest_stop);

  // The process that has been started and is not registered yet: nobody else knows it.
  [[nodiscard]] std::optional<platform::ProcessIdentity> newcomer() const;

  // Whatever happens to it from now on is wanted: nothing is restarted.
  void stand_down() { standing_down_ = true; }
  // It was not stopped after all, and is kept again.
  void resume();

 private:
  void on_deadline();
  void apply(supervision::Event event);
  void carry_out(const supervision::Action& action);
  void spawn(supervision::Generation generation);
  [[nodiscard]] Result<platform::UniqueFd> open_log() const;
  void adopt(const bus::ServiceEntry& entry);
  void watch(platform::ProcessHandle process, supervision::Generation generation, bool is_child);
  void on_exit(supervision::Generation generation, bool is_child);
  [[nodiscard]] bool has_sent_for_successor(const supervision::Process& process);
  [[nodiscard]] bool was_told_to_end(const supervision::Process& process, std::optional<int> code) const;
  [[nodiscard]] bool workers_run() const;
  void give_way();
  void decide();
  void miss_successor();
  void tell();

  platform::EventLoop& loop_;
  bus::Directory& directory_;
  platform::Logger& log_;
  Setup setup_;
  Callbacks callbacks_;
  bool standing_down_ = false;
  bool restarts_itself_ = false;  // as it has said last

  supervision::Worker worker_;
  std::deque<supervision::Event> events_;
  bool applying_ = false;
  platform::ProcessHandle process_;
  std::optional<platform::ProcessIdentity> last_spawned_;
  platform::EventLoop::Watch exit_watch_;
  platform::EventLoop::Timer deadline_;
  std::optional<supervision::Exited> undecided_;  // a crash, unless somebody else's takes the place
  platform::EventLoop::Timer decision_;
  platform::EventLoop::Timer successor_;  // while one is expected
};

}  // namespace vj::console
