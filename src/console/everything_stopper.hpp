// Stops the show: asks the process manager to stop every worker and itself, and waits until it has gone; one that a
// service manager runs answers when the workers have gone, and stays; a console that does its work only leaves the
// registry. A daemon that hangs is killed. Where none is left that could stop the workers, says so: that is then for
// somebody else to do. Belongs to the loop's thread.
#pragma once

#include <functional>
#include <optional>

#include "console/message.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/directory.hpp"
#include "vj_bus/registry.hpp"

namespace vj::console {

class EverythingStopper {
 public:
  // One of them is called, once for each begin().
  struct Callbacks {
    std::function<void(EverythingStopped)> stopped;
    std::function<void()> no_manager;  // it has gone without doing it, or there was none
  };

  EverythingStopper(platform::EventLoop& loop, bus::Directory& directory, bus::Client& client, Callbacks callbacks);

  // `stop_timeout` is that of the slowest worker.
  // `newcomer` is a process manager that has been started and is not registered yet.
  void begin(Duration stop_timeout, const std::optional<platform::ProcessIdentity>& newcomer);

  // The registry has changed.
  void look();

 private:
  void on_answer(const Result<wire::Response>& answer);
  void wait_for(const std::optional<platform::ProcessIdentity>& manager);
  [[nodiscard]] bool is_a_console() const;
  [[nodiscard]] bool is_still_registered() const;
  void kill();
  void on_exit();
  void on_deadline();
  void finish(EverythingStopped how);
  void give_up();

  platform::EventLoop& loop_;
  bus::Directory& directory_;
  bus::Client& client_;
  Callbacks callbacks_;
  Duration stop_timeout_{};
  std::optional<bus::ServiceEntry> entry_;  // of the process manager that was asked
  platform::ProcessHandle manager_;
  platform::EventLoop::Watch exit_watch_;
  bool was_heard_ = false;  // it has said that it stops everything
  bool is_killed_ = false;
  bool busy_ = false;
  platform::EventLoop::Timer deadline_;
};

}  // namespace vj::console
