#include "audio/onset_detector.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vj::audio {

namespace {
constexpr double kMemory = 1.0;  // seconds
constexpr double kRest = 0.06;   // seconds between two onsets
constexpr float kLeast = 0.08F;  // mean rise of a band, in the units of OnsetBands
constexpr float kAbove = 2.2F;   // times the mean
constexpr float kStrongest = 1.2F;
}  // namespace

OnsetDetector::OnsetDetector(double sample_rate)
    : forget_(static_cast<float>(static_cast<double>(kHop) / sample_rate / kMemory)),
      rest_(static_cast<std::size_t>(std::ceil(kRest * sample_rate / static_cast<double>(kHop)))),
      since_(rest_) {}

const Onset& OnsetDetector::process(const OnsetBands& bands, bool silent) noexcept {
  const auto rises = bands.rise();
  const float rise = std::accumulate(rises.begin(), rises.end(), 0.0F) / static_cast<float>(rises.size());
  onset_.now = !silent && since_ >= rest_ && rise > before_ && rise > kLeast && rise > kAbove * mean_;
  if (onset_.now) {
    onset_.strength = std::min(1.0F, rise / kStrongest);
    since_ = 0;
  } else if (since_ < rest_) {
    ++since_;
  }
  mean_ += (rise - mean_) * forget_;
  before_ = rise;
  return onset_;
}

void OnsetDetector::reset() noexcept {
  mean_ = before_ = 0;
  since_ = rest_;
  onset_ = {};
}

}  // namespace vj::audio
