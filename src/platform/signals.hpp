// Receives signals as events of the loop. On Linux it blocks them for the calling thread, so make it in main, before
// any other thread; children are spawned with all signals unblocked and at their defaults.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "platform/event_loop.hpp"

namespace vj::platform {

class SignalInbox;

class SignalWatch {
 public:
  using Callback = std::function<void(int signal)>;

  // `signals` are SIG… numbers. A signal that comes several times before the loop gets to it may come once.
  // No signal may be watched twice at a time.
  SignalWatch(EventLoop& loop, const std::vector<int>& signals, Callback callback, Backend backend = Backend::kNative);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  std::unique_ptr<SignalInbox> inbox_;
  EventLoop::Watch watch_;
};

// The numbers, so that no other folder needs <signal.h>.
namespace signals {
extern const int kHangup, kInterrupt, kQuit, kTerminate, kKill, kUser1, kUser2, kWindowChanged, kTerminalStop,
    kContinue;
}  // namespace signals

// Lets a write to a closed pipe or socket fail instead of ending the process. Call once in main.
void ignore_broken_pipes();

}  // namespace vj::platform
