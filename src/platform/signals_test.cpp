#include "platform/signals.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include "base/time.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

void check_that_signals_arrive(Backend backend) {
  EventLoop loop;
  std::vector<int> came;
  const SignalWatch watch(
      loop, {signals::kUser1, signals::kHangup}, [&](int signal) { came.push_back(signal); }, backend);
  ::raise(SIGHUP);
  loop.run_once(5s);
  ::raise(SIGUSR1);
  loop.run_once(5s);
  CHECK(came == std::vector<int>{signals::kHangup, signals::kUser1});
}

}  // namespace

TEST_CASE("signals come to the loop, the same by signalfd and by a handler") {
  check_that_signals_arrive(Backend::kNative);
  check_that_signals_arrive(Backend::kPosix);
}

TEST_CASE("a signal that is watched no more has its old effect again, and can be watched anew") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    ::signal(SIGUSR2, SIG_IGN);
    {
      EventLoop loop;
      const SignalWatch watch(loop, {signals::kUser2}, [](int) {}, backend);
    }
    ::raise(SIGUSR2);  // ignored, or it would end this process
    EventLoop loop;
    int came = 0;
    const SignalWatch watch(loop, {signals::kUser2}, [&](int) { ++came; }, backend);
    ::raise(SIGUSR2);
    loop.run_once(5s);
    CHECK(came == 1);
    ::signal(SIGUSR2, SIG_DFL);
  }
}

TEST_CASE("a handler's pipe that nobody reads loses no wake-up and never blocks") {
  EventLoop loop;
  int came = 0;
  const SignalWatch watch(loop, {signals::kUser1}, [&](int) { ++came; }, Backend::kPosix);
  for (int i = 0; i < 100'000; ++i) ::raise(SIGUSR1);
  loop.run_once(5s);
  CHECK(came > 0);
}
