#include "platform/signals.hpp"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/format.hpp"

namespace vj::platform {
namespace {

sigset_t set_of(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

namespace signals {
const int kHangup = SIGHUP, kInterrupt = SIGINT, kQuit = SIGQUIT, kTerminate = SIGTERM, kKill = SIGKILL,
          kUser1 = SIGUSR1, kUser2 = SIGUSR2, kWindowChanged = SIGWINCH, kTerminalStop = SIGTSTP, kContinue = SIGCONT,
          kStop = SIGSTOP, kChild = SIGCHLD;
}  // namespace signals

SignalWatch::SignalWatch(EventLoop& loop, std::vector<int> signals, Callback callback) : signals_(std::move(signals)) {
  const sigset_t set = set_of(signals_);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  fd_ = UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  VJ_ASSERT(fd_);
  watch_ = loop.watch_readable(fd_.get(), [fd = fd_.get(), callback = std::move(callback)] {
    signalfd_siginfo info;
    while (::read(fd, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      callback(static_cast<int>(info.ssi_signo));
    }
  });
}

SignalWatch::~SignalWatch() {
  watch_.end();
  const sigset_t set = set_of(signals_);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? format("SIG{}", name) : format("signal {}", signal);
}

void ignore_broken_pipes() { ::signal(SIGPIPE, SIG_IGN); }

}  // namespace vj::platform
