#include "platform/signals.hpp"

#include <signal.h>

#include "platform/signal_inbox.hpp"

namespace vj::platform {
namespace signals {
const int kHangup = SIGHUP, kInterrupt = SIGINT, kQuit = SIGQUIT, kTerminate = SIGTERM, kKill = SIGKILL,
          kUser1 = SIGUSR1, kUser2 = SIGUSR2, kWindowChanged = SIGWINCH, kTerminalStop = SIGTSTP, kContinue = SIGCONT;
}  // namespace signals

SignalWatch::SignalWatch(EventLoop& loop, const std::vector<int>& signals, Callback callback, Backend backend)
    : inbox_(backend == Backend::kNative ? make_linux_signal_inbox(signals) : make_posix_signal_inbox(signals)),
      watch_(loop.watch_readable(inbox_->fd(), [inbox = inbox_.get(), callback = std::move(callback)] {
        while (const auto signal = inbox->next()) callback(*signal);
      })) {}

SignalWatch::~SignalWatch() = default;

void ignore_broken_pipes() { ::signal(SIGPIPE, SIG_IGN); }

}  // namespace vj::platform
