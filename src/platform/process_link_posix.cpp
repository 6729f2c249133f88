// Where there is no handle on a process but its number: the number is compared with what is known of whoever has it
// before it is used. Between the two it could become another's, in theory; that is why Linux has pidfd.
//
// A thread of its own waits for the exit, so that the event loop has a descriptor to wait for: for a child it sleeps in
// waitid, which leaves the child to be reaped; others it has to look at, since nobody tells.
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/format.hpp"
#include "platform/process_link.hpp"
#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(50);

enum class Kin { kChild, kExitedChild, kOther };

Kin kin_of(Pid pid) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return Kin::kOther;
  return info.si_pid == 0 ? Kin::kChild : Kin::kExitedChild;
}

class PosixProcessLink final : public ProcessLink {
 public:
  PosixProcessLink(Pid pid, UniqueFd read_end, UniqueFd write_end)
      : pid_(pid), usage_(process_usage(pid)), read_end_(std::move(read_end)), write_end_(std::move(write_end)) {}

  [[nodiscard]] bool has_exited() const override {
    const Kin kin = kin_of(pid_);
    return kin == Kin::kOther ? is_gone() : kin == Kin::kExitedChild;
  }

  [[nodiscard]] Result<void> signal(int signal) const override {
    if (kin_of(pid_) == Kin::kOther && is_gone()) {
      return fail(ErrorCode::kNotFound, format("signal process {}: it is gone", pid_));
    }
    if (::kill(pid_, signal) != 0) return system_failure(format("signal process {}", pid_));
    return {};
  }

  // A number is not given to a new process as long as a group has it.
  [[nodiscard]] Result<void> signal_group(int signal) const override {
    if (::kill(-pid_, signal) != 0) return system_failure(format("signal process group {}", pid_));
    return {};
  }

  [[nodiscard]] EventLoop::Watch watch_exit(EventLoop& loop, EventLoop::Callback callback) override {
    if (write_end_) wait_in_thread();  // one that was begun for an earlier watch goes on
    return loop.watch_readable(read_end_.get(), std::move(callback));
  }

  [[nodiscard]] std::optional<ExitStatus> observed_exit() const override { return std::nullopt; }

 private:
  // Of a process that is not our child.
  [[nodiscard]] bool is_gone() const {
    if (::kill(pid_, 0) != 0 && errno == ESRCH) return true;
    const auto now = process_usage(pid_);
    if (!usage_ || !now) return usage_.has_value();
    return now->start_time_ticks != usage_->start_time_ticks || now->state == 'Z' || now->state == 'X';
  }

  // The write end belongs to the thread: that it is closed when the thread ends is what the event loop sees.
  void wait_in_thread() {
    if (kin_of(pid_) == Kin::kOther) {
      other_ = std::jthread([this, write_end = std::move(write_end_)](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested() && !is_gone()) {
          stopped_.wait_for(lock, stop, kBetweenLooks, [] { return false; });
        }
      });
      return;
    }
    // May outlast this object, as the child does, and so knows nothing of it. Nothing can end the wait but the child.
    std::thread([pid = pid_, write_end = std::move(write_end_)] {
      siginfo_t info{};
      while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
      }
    }).detach();
  }

  Pid pid_;
  std::optional<ProcessUsage> usage_;
  UniqueFd read_end_, write_end_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread other_;  // last: it uses the others
};

}  // namespace

Result<std::unique_ptr<ProcessLink>> make_posix_process_link(Pid pid) {
  if (kin_of(pid) == Kin::kOther && ::kill(pid, 0) != 0 && errno == ESRCH) {
    return system_failure(format("process {}", pid), ESRCH);
  }
  // In one step: what another thread starts meanwhile would keep the write end open, and the exit unseen.
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_failure(format("watch process {}", pid));
  return std::make_unique<PosixProcessLink>(pid, UniqueFd(ends[0]), UniqueFd(ends[1]));
}

}  // namespace vj::platform
