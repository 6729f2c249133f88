#include <cerrno>
#include <cstdint>

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/format.hpp"
#include "platform/process_link.hpp"
#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

// Linux 6.9. The C library of Debian 12 does not know it.
constexpr unsigned kSignalProcessGroup = 1U << 2U;

int pidfd_open(Pid pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)); }

int pidfd_send_signal(int fd, int signal, unsigned flags) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, fd, signal, nullptr, flags));
}

class LinuxProcessLink final : public ProcessLink {
 public:
  LinuxProcessLink(UniqueFd fd, Pid pid) : fd_(std::move(fd)), pid_(pid) {}

  [[nodiscard]] bool has_exited() const override {
    pollfd entry{fd_.get(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
  }

  [[nodiscard]] Result<void> signal(int signal) const override {
    if (pidfd_send_signal(fd_.get(), signal, 0) != 0) return system_failure(format("signal process {}", pid_));
    return {};
  }

  [[nodiscard]] Result<void> signal_group(int signal) const override {
    if (pidfd_send_signal(fd_.get(), signal, kSignalProcessGroup) == 0) return {};
    const auto failed = [&](int error) { return system_failure(format("signal process group {}", pid_), error); };
    if (errno != EINVAL) return failed(errno);
    // Before Linux 6.9: by number, which is the group's own as long as its leader can be signalled, which is until it
    // has been reaped. After that nobody knows, not even whether the group is empty.
    if (pidfd_send_signal(fd_.get(), 0, 0) != 0) return failed(EINVAL);
    if (::kill(-pid_, signal) != 0) return failed(errno);
    return {};
  }

  [[nodiscard]] EventLoop::Watch watch_exit(EventLoop& loop, EventLoop::Callback callback) override {
    return loop.watch_readable(fd_.get(), std::move(callback));
  }

  [[nodiscard]] std::optional<ExitStatus> observed_exit() const override {
    // struct pidfd_info of Linux 6.15, which Debian 12's headers lack.
    struct PidfdInfo {
      std::uint64_t mask, cgroup_id;
      std::uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
      std::int32_t exit_code;
      std::uint32_t coredump_mask, spare;
    };
    static constexpr std::uint64_t kExit = 1U << 3U;
    PidfdInfo info{};
    info.mask = kExit;
    if (::ioctl(fd_.get(), _IOWR(0xFF, 11, PidfdInfo), &info) != 0 || (info.mask & kExit) == 0) return std::nullopt;
    if (WIFEXITED(info.exit_code)) return ExitStatus{WEXITSTATUS(info.exit_code)};
    return ExitStatus{-WTERMSIG(info.exit_code)};
  }

 private:
  UniqueFd fd_;
  Pid pid_;
};

}  // namespace

Result<std::unique_ptr<ProcessLink>> make_linux_process_link(Pid pid) {
  UniqueFd fd(pidfd_open(pid));
  if (!fd) return system_failure(format("process {}", pid));
  return std::make_unique<LinuxProcessLink>(std::move(fd), pid);
}

}  // namespace vj::platform
