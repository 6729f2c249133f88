// The loop of a command that goes on for as long as a person wants. Belongs to one thread.
#pragma once

#include "base/exit_code.hpp"
#include "platform/event_loop.hpp"
#include "platform/signals.hpp"
#include "platform/standard_output.hpp"

namespace vj::ctl {

// Ends on ^C, with kExitDone.
struct Interruptible {
  platform::EventLoop loop;
  platform::SignalWatch signals{
      loop, {platform::signals::kInterrupt, platform::signals::kTerminate}, [this](int) { loop.stop(kExitDone); }};
};

// Ends also when nobody reads any more what it prints.
struct Following : Interruptible {
  explicit Following(const platform::StandardOutput& output)
      : reader(output.watch_reader(loop, [this] { loop.stop(kExitDone); })) {}
  platform::EventLoop::Watch reader;
};

}  // namespace vj::ctl
