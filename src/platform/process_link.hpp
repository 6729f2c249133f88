// What a ProcessHandle holds on to: the seam between Linux (pidfd) and any POSIX system (the number, and whose it is).
// Private to platform/.
#pragma once

#include <memory>
#include <optional>

#include "platform/process.hpp"

namespace vj::platform {

// As in ProcessHandle.
class ProcessLink {
 public:
  virtual ~ProcessLink() = default;

  [[nodiscard]] virtual bool has_exited() const = 0;
  [[nodiscard]] virtual Result<void> signal(int signal) const = 0;
  [[nodiscard]] virtual Result<void> signal_group(int signal) const = 0;
  [[nodiscard]] virtual EventLoop::Watch watch_exit(EventLoop& loop, EventLoop::Callback callback) = 0;
  [[nodiscard]] virtual std::optional<ExitStatus> observed_exit() const = 0;
};

// Whoever has the number now; who that is, the caller verifies afterwards.
[[nodiscard]] Result<std::unique_ptr<ProcessLink>> make_linux_process_link(Pid pid);
[[nodiscard]] Result<std::unique_ptr<ProcessLink>> make_posix_process_link(Pid pid);

}  // namespace vj::platform
