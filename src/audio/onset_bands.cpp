#include "audio/onset_bands.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace vj::audio {

namespace {
constexpr double kLowest = 30, kHighest = 16000;  // Hz
constexpr float kQuietest = 3e-4F;                // the reference in silence: -70 dBFS
constexpr float kCompression = 300;
constexpr double kHalfLife = 8;  // seconds
}  // namespace

OnsetBands::OnsetBands(double sample_rate, std::size_t fft_size, std::size_t hop)
    : reference_(kQuietest),
      decay_(static_cast<float>(std::pow(0.5, static_cast<double>(hop) / sample_rate / kHalfLife))),
      scale_(kCompression / (static_cast<float>(fft_size) / 4)) {
  const double bin = sample_rate / static_cast<double>(fft_size);
  // A band is a sixth of an octave wide, or one bin where that is wider.
  double low = kLowest;
  std::size_t last = 0;
  while (low < kHighest) {
    const double high = std::max(low * std::exp2(1.0 / 6), low + bin);
    const auto first = std::max(last + 1, static_cast<std::size_t>(std::lround(low / bin)));
    last = std::max(first, static_cast<std::size_t>(std::lround(high / bin)) - 1);
    if (last >= fft_size / 2) break;
    bands_.push_back({first, last, static_cast<float>(static_cast<double>(first + last) / 2 * bin)});
    low = static_cast<double>(last + 1) * bin;
  }
  VJ_ASSERT(bands_.size() <= kMost);
}

void OnsetBands::process(Spectrum spectrum, float peak) noexcept {
  reference_ = std::max({peak, reference_ * decay_, kQuietest});
  const float scale = scale_ / reference_;
  const auto& before = history_[(newest_ + 2) % 3];  // two hops before the one that comes now
  newest_ = (newest_ + 1) % 3;
  auto& now = history_[newest_];
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    float energy = 0;
    for (std::size_t k = bands_[b].first; k <= bands_[b].last; ++k) energy = std::max(energy, std::norm(spectrum[k]));
    now[b] = std::log1p(std::sqrt(energy) * scale);
  }
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    float highest = before[b];
    if (b > 0) highest = std::max(highest, before[b - 1]);
    if (b + 1 < bands_.size()) highest = std::max(highest, before[b + 1]);
    rise_[b] = std::max(0.0F, now[b] - highest);
  }
}

void OnsetBands::reset() noexcept {
  for (auto& frame : history_) frame.fill(0);
  rise_.fill(0);
  newest_ = 0;
  reference_ = kQuietest;
}

}  // namespace vj::audio
