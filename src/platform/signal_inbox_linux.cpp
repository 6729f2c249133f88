#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "platform/signal_inbox.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {
namespace {

sigset_t set_of(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

class LinuxSignalInbox final : public SignalInbox {
 public:
  explicit LinuxSignalInbox(const std::vector<int>& signals) : signals_(set_of(signals)) {
    // A signalfd only sees what is blocked.
    ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    fd_ = UniqueFd(::signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK));
    VJ_ASSERT(fd_);
  }
  ~LinuxSignalInbox() override { ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

  [[nodiscard]] int fd() const override { return fd_.get(); }

  [[nodiscard]] std::optional<int> next() override {
    signalfd_siginfo info;
    if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return std::nullopt;
    return static_cast<int>(info.ssi_signo);
  }

 private:
  sigset_t signals_;
  UniqueFd fd_;
};

}  // namespace

std::unique_ptr<SignalInbox> make_linux_signal_inbox(const std::vector<int>& signals) {
  return std::make_unique<LinuxSignalInbox>(signals);
}

}  // namespace vj::platform
