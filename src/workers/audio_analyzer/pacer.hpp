// When to say what moves all the time, so that it arrives evenly though sound comes in bursts: a sound server hands
// over several hops at once, now earlier, now later. The usual time of arrival is kept by a delay-locked loop (F.
// Adriaensen, "Using a DLL to filter time", 2005); a hop is due that much later than most hops are late. Pure; times
// are arguments.
#pragma once

#include "base/time.hpp"

namespace vj::audio_analyzer {

class Pacer {
 public:
  static constexpr Duration kLongestWait = 8ms;

  explicit Pacer(Duration hop) : hop_(to_seconds(hop)) {}

  // The next hop came at `arrived`: it is due then or up to kLongestWait later, never before the one before it. After a
  // pause it begins anew.
  [[nodiscard]] Time due(Time arrived);

 private:
  double hop_;           // seconds
  double period_ = 0;    // the same as it is found to be; 0: not begun
  Time expected_;        // when the next hop would come if all were even
  double lateness_ = 0;  // seconds behind that which most hops do not exceed
  Time last_due_;
};

}  // namespace vj::audio_analyzer
