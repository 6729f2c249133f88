#include "audio/tempo_line.hpp"

#include <algorithm>
#include <cmath>

namespace vj::audio {

namespace {
constexpr double kStray = 0.18;  // of a beat: further from its place, a beat is not of this line
constexpr double kBent = 0.012;  // seconds: more than this around the long line, and the tempo is changing
}  // namespace

void TempoLine::add(double seconds, double expected) noexcept {
  double index = 0;
  if (count_ > 0) {
    const auto& last = beats_[count_ - 1];
    const double passed = (seconds - last.seconds) / expected;
    const double beats = std::round(passed);
    if (beats < 1 || beats > 4 || std::abs(passed - beats) > kStray * beats) {
      count_ = 0;
    } else {
      index = last.index + beats;
    }
  }
  if (count_ == kMost) {
    std::move(beats_.begin() + 1, beats_.end(), beats_.begin());
    --count_;
  }
  beats_[count_++] = {index, seconds};
}

TempoLine::Fit TempoLine::fit(std::size_t newest) const noexcept {
  const std::size_t first = count_ - newest;
  const auto n = static_cast<double>(newest);
  double x = 0, y = 0;
  for (std::size_t i = first; i < count_; ++i) x += beats_[i].index, y += beats_[i].seconds;
  x /= n, y /= n;
  double xx = 0, xy = 0;
  for (std::size_t i = first; i < count_; ++i) {
    xx += (beats_[i].index - x) * (beats_[i].index - x);
    xy += (beats_[i].index - x) * (beats_[i].seconds - y);
  }
  const double slope = xy / xx;
  double squares = 0;
  for (std::size_t i = first; i < count_; ++i) {
    const double off = beats_[i].seconds - y - slope * (beats_[i].index - x);
    squares += off * off;
  }
  return {slope, std::sqrt(squares / n)};
}

double TempoLine::beat_length() const noexcept {
  if (count_ < 3) return 0;
  const auto whole = fit(count_);
  if (count_ > kFew && whole.deviation > kBent) return fit(kFew).slope;
  return whole.slope;
}

}  // namespace vj::audio
