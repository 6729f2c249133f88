// The two clocks of the system. Everything that waits or measures uses Time (monotonic: setting the wall clock changes
// nothing); only what a person or another machine reads is a WallTime.
#pragma once

#include <chrono>

namespace vj {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::time_point<std::chrono::steady_clock, Duration>;  // CLOCK_MONOTONIC
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

using namespace std::chrono_literals;

[[nodiscard]] inline double to_seconds(Duration d) { return std::chrono::duration<double>(d).count(); }
[[nodiscard]] inline double to_seconds(Time t) { return to_seconds(t.time_since_epoch()); }
[[nodiscard]] inline double to_seconds(WallTime t) { return to_seconds(t.time_since_epoch()); }

[[nodiscard]] constexpr Duration from_seconds(double s) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
}

}  // namespace vj
