#include "workers/audio_analyzer/pacer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vj::audio_analyzer {
namespace {

constexpr double kBandwidth = 0.3;  // Hz: slower than any burst, faster than the drift of two clocks
constexpr Duration kPause = 100ms;  // further off than this is no lateness
// The share of hops that shall not be late, and how much one hop moves what is thought of it (seconds).
constexpr double kInTime = 0.99;
constexpr double kStep = 0.0005;

}  // namespace

Time Pacer::due(Time arrived) {
  if (period_ == 0 || arrived - expected_ > kPause || expected_ - arrived > kPause) {
    period_ = hop_;
    expected_ = arrived;
    lateness_ = 0;
  }
  const double late = to_seconds(arrived - expected_);
  lateness_ = std::max(0.0, lateness_ + kStep * (late > lateness_ ? kInTime : kInTime - 1));
  const Time even = expected_ + from_seconds(lateness_);
  last_due_ = std::max(std::clamp(even, arrived, arrived + kLongestWait), std::min(last_due_, arrived + kLongestWait));

  const double omega = 2 * std::numbers::pi * kBandwidth * hop_;
  expected_ += from_seconds(period_ + std::numbers::sqrt2 * omega * late);
  period_ += omega * omega * late;
  return last_due_;
}

}  // namespace vj::audio_analyzer
