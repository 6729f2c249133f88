#include "audio/levels.hpp"

#include <algorithm>
#include <cmath>

#include "audio/vector_math.hpp"

namespace vj::audio {

namespace {

constexpr double kHalfLife = 8;     // seconds until the reference has halved
constexpr double kSlowBelow = 250;  // Hz
constexpr std::size_t kSlowSize = 2048, kFastSize = 1024;
constexpr double kSpectrumLow = 30, kSpectrumHigh = 16000;  // Hz

float decibels(float power) { return 10 * std::log10(power + 1e-12F); }

float release_factor(double sample_rate, std::size_t hop, double seconds) {
  return static_cast<float>(std::exp(-static_cast<double>(hop) / sample_rate / seconds));
}

// Up at once, down at its own pace.
void move(float& shown, float level, float release) { shown = std::max(level, level + (shown - level) * release); }

std::size_t bin_of(double hertz, double sample_rate, std::size_t size) {
  const double bin = std::round(hertz * static_cast<double>(size) / sample_rate);
  return static_cast<std::size_t>(std::clamp(bin, 1.0, static_cast<double>(size) / 2));
}

}  // namespace

float power_between(Spectrum spectrum, std::size_t first, std::size_t last) noexcept {
  const float sum = sum_of(first, last, [&](std::size_t k) { return std::norm(spectrum[k]); });
  const auto size = static_cast<float>(2 * (spectrum.size() - 1));
  // Both halves of the spectrum, over the window's own power of 3/8.
  return 2 * sum / (size * size * 0.375F);
}

LevelScale::LevelScale(double sample_rate)
    : fall_(static_cast<float>(20 * std::log10(2.0) / kHalfLife * static_cast<double>(kHop) / sample_rate)) {}

void LevelScale::follow(float power) noexcept { reference_ = std::max({decibels(power), reference_ - fall_, kFloor}); }

float LevelScale::level(float power) const noexcept {
  return std::clamp(1 + (decibels(power) - reference_) / kRange, 0.0F, 1.0F);
}

LevelMeter::LevelMeter(double sample_rate, double release_seconds)
    : release_(release_factor(sample_rate, kHop, release_seconds)) {
  for (std::size_t b = 0; b < kBands; ++b) {
    const bool slow = kBandEdges[b] < kSlowBelow;
    const std::size_t size = slow ? kSlowSize : kFastSize;
    ranges_[b] = {bin_of(kBandEdges[b], sample_rate, size), bin_of(kBandEdges[b + 1], sample_rate, size), slow};
  }
}

const Levels& LevelMeter::process(Spectrum slow, Spectrum fast, float power, const LevelScale& scale) noexcept {
  for (std::size_t b = 0; b < kBands; ++b) {
    const auto& range = ranges_[b];
    move(levels_.bands[b], scale.level(power_between(range.slow ? slow : fast, range.first, range.last)), release_);
  }
  move(levels_.overall, scale.level(power), release_);
  levels_.rms = std::sqrt(power);
  return levels_;
}

SpectrumMeter::SpectrumMeter(double sample_rate, double release_seconds)
    : release_(release_factor(sample_rate, 2 * kHop, release_seconds)) {
  for (std::size_t i = 0; i <= kSpectrumBins; ++i) {
    const double hertz = kSpectrumLow * std::pow(kSpectrumHigh / kSpectrumLow, static_cast<double>(i) / kSpectrumBins);
    edges_[i] = bin_of(hertz, sample_rate, kSlowSize);
    if (i > 0) edges_[i] = std::max(edges_[i], edges_[i - 1]);
  }
}

std::span<const float, kSpectrumBins> SpectrumMeter::process(Spectrum slow, const LevelScale& scale) noexcept {
  for (std::size_t i = 0; i < kSpectrumBins; ++i) {
    // At the low end a bar is narrower than a bin, and shows the bin it lies in.
    const std::size_t last = std::max(edges_[i + 1], edges_[i] + 1);
    move(bins_[i], scale.level(power_between(slow, edges_[i], last)), release_);
  }
  return bins_;
}

}  // namespace vj::audio
