// One supervised process and everything it started: signals all of it, and tells when the process has ended and when
// nobody of its descendants is left. It decides nothing, and lets everything live on when it dies itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"

namespace vj::supervisor_host {

class OwnedProcess {
 public:
  // Called from the loop, never from within the constructor or signal(). Each may destroy the OwnedProcess.
  struct Callbacks {
    std::function<void(std::optional<int> code, bool group_empty)> exited;
    std::function<void()> group_emptied;         // after exited(…, false)
    std::function<void(int code)> code_learned;  // after exited(nullopt, …), where the system tells later
  };

  // `token` is in the environment of the process and of what it starts; empty for a process of somebody else's.
  OwnedProcess(platform::EventLoop& loop, platform::ProcessHandle handle, platform::ProcessIdentity identity,
               std::string token, Callbacks callbacks);
  OwnedProcess(const OwnedProcess&) = delete;
  OwnedProcess& operator=(const OwnedProcess&) = delete;

  [[nodiscard]] const platform::ProcessIdentity& identity() const { return identity_; }
  [[nodiscard]] const std::string& token() const { return token_; }

  // To the process and its group; a kill also finds descendants that have left the group. Those that have also emptied
  // their environment are found while their parents live, and follow when the process has ended. kDenied where we may
  // not signal it; that it has gone is no failure.
  Result<void> terminate();
  Result<void> kill();

 private:
  struct Leftover {
    platform::ProcessHandle handle;
    platform::EventLoop::Watch watch;
  };

  void on_exit();
  void look_for_code();
  void look_for_leftovers();
  Result<void> signal(int signal);
  void remember(std::vector<platform::ProcessIdentity> descendants);
  [[nodiscard]] std::vector<platform::ProcessIdentity> leftovers() const;
  [[nodiscard]] std::vector<platform::ProcessIdentity> bearers_of_token() const;

  platform::EventLoop& loop_;
  platform::ProcessHandle handle_;
  platform::ProcessIdentity identity_;
  std::string token_;
  Callbacks callbacks_;
  bool leads_group_;
  bool is_child_;
  bool exited_ = false;
  std::optional<int> last_signal_;
  platform::EventLoop::Watch exit_watch_;
  platform::EventLoop::Timer code_timer_;
  platform::EventLoop::Timer leftover_timer_;
  int code_looks_ = 0;
  std::vector<Leftover> leftovers_;
  std::vector<platform::ProcessIdentity> descendants_;  // as they were each time that it was signalled
};

}  // namespace vj::supervisor_host
