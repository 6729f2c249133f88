// Stops the show: asks the process manager to stop every worker and itself, and waits until it has gone; one that a
// service manager runs answers when the workers have gone, and stays. Where none answers, ends the registered processes
// itself. Belongs to the loop's thread.
#pragma once

#include <functional>
#include <list>
#include <optional>
#include <string>

#include "console/message.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/directory.hpp"

namespace vj::console {

class EverythingStopper {
 public:
  // Told once for each begin().
  using Done = std::function<void(EverythingStopped)>;

  EverythingStopper(platform::EventLoop& loop, const bus::Directory& directory, bus::Client& client, Done done);

  // `stop_timeout` is that of the slowest worker; who is signalled here is killed after it.
  // `newcomer` is a process manager that has been started and is not registered yet.
  void begin(Duration stop_timeout, const std::optional<platform::ProcessIdentity>& newcomer);

 private:
  struct Leaving {
    std::string name;
    platform::ProcessHandle process;
    platform::EventLoop::Watch watch;
  };

  void signal_everybody();
  void wait_for(const std::string& name, const std::optional<platform::ProcessIdentity>& identity, bool and_signal);
  void on_deadline();
  void finish(EverythingStopped how);

  platform::EventLoop& loop_;
  const bus::Directory& directory_;
  bus::Client& client_;
  Done done_;
  Duration stop_timeout_{};
  std::optional<platform::ProcessIdentity> newcomer_;
  std::list<Leaving> leaving_;
  bool signalled_ = false;  // we have told them ourselves, so we also kill
  bool killed_ = false;
  bool busy_ = false;
  platform::EventLoop::Timer deadline_;
};

}  // namespace vj::console
