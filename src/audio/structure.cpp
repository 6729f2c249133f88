#include "audio/structure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "audio/vector_math.hpp"

namespace vj::audio {

namespace {

constexpr std::size_t kSize = 2048;
constexpr double kHopSamples = 512;
constexpr double kLongAgo = -1e9;
constexpr double kSpan = 4;              // seconds over which slopes are taken
constexpr double kFirst = 3;             // seconds before anything is decided
constexpr float kReferenceFall = 0.35F;  // dB a second
constexpr float kTense = 0.45F;
constexpr double kRest = 8;                // seconds between two drops
constexpr float kLow = 50, kHigh = 12000;  // Hz: brightness 0 and 1

float decibels(float power) { return 10 * std::log10(power + 1e-8F); }
float part(float value, float most) { return std::clamp(value / most, -1.0F, 1.0F); }

}  // namespace

StructureListener::StructureListener(double sample_rate)
    : hop_seconds_(kHopSamples / sample_rate), bin_hertz_(sample_rate / kSize) {
  const auto bin = [&](double hertz) { return static_cast<std::size_t>(std::ceil(hertz / bin_hertz_)); };
  low_from_ = bin(30), low_to_ = bin(150), mid_to_ = bin(2000), high_to_ = std::min(bin(16000), kSize / 2);
  density_from_ = bin(200);
  const auto smooth = [&](double seconds) { return Smooth{static_cast<float>(1 - std::exp(-hop_seconds_ / seconds))}; };
  low_fast_ = smooth(0.12), low_slow_ = smooth(1.0), highs_ = smooth(0.8), centroid_ = smooth(0.8);
  density_ = smooth(0.8), energy_ = smooth(0.3);
  before_.resize(kSize / 2);
  powers_.resize(kSize / 2);
  magnitudes_.resize(kSize / 2);
  moments_.resize(static_cast<std::size_t>(kSpan / hop_seconds_));
  reset();
}

void StructureListener::reset() noexcept {
  std::fill(before_.begin(), before_.end(), 0.0F);
  hops_ = 0;
  reference_ = -60;
  bass_away_ = 0;
  tension_ = 0;
  last_build_up_ = last_drop_ = kLongAgo;
  structure_ = {};
}

void StructureListener::listen(Spectrum spectrum) noexcept {
  const bool first = hops_ == 0;
  for (std::size_t k = 0; k < powers_.size(); ++k) {
    powers_[k] = std::norm(spectrum[k]) / static_cast<float>(kHopSamples * kHopSamples);
    magnitudes_[k] = std::sqrt(powers_[k]);
  }
  const auto power = [this](std::size_t k) { return powers_[k]; };
  const float low = sum_of(low_from_, low_to_, power);
  const float mid = sum_of(low_to_, mid_to_, power);
  const float high = sum_of(mid_to_, high_to_, power);
  const float sum = sum_of(1, kSize / 2, [this](std::size_t k) { return magnitudes_[k]; });
  const float weighed = sum_of(1, kSize / 2, [this](std::size_t k) { return magnitudes_[k] * static_cast<float>(k); });
  const float rise = sum_of(density_from_, kSize / 2, [this](std::size_t k) {
    const float logarithm = quick_log(std::max(magnitudes_[k], 1e-5F));
    return std::max(0.0F, logarithm - std::exchange(before_[k], logarithm));
  });
  low_fast_.add(low, first);
  low_slow_.add(low, first);
  highs_.add(high, first);
  centroid_.add(weighed / (sum + 1e-9F) * static_cast<float>(bin_hertz_), first);
  const std::size_t bins = kSize / 2 - density_from_;
  density_.add(first ? 0 : rise / static_cast<float>(bins), first);
  energy_.add(low + mid + high, first);
}

void StructureListener::follow_bass(float slow) noexcept {
  reference_ = std::max(slow, reference_ - kReferenceFall * static_cast<float>(hop_seconds_));
  if (slow < reference_ - 6) bass_away_ += hop_seconds_;
  if (slow > reference_ - 3) bass_away_ = 0;
}

void StructureListener::decide(float bass) noexcept {
  const double now = static_cast<double>(hops_) * hop_seconds_;
  if (!structure_.build_up && tension_ > kTense && bass_away_ > 1.0 && now - last_drop_ > 3) structure_.build_up = true;
  if (structure_.build_up) last_build_up_ = now;
  if (structure_.build_up && tension_ < 0) structure_.build_up = false;
  if (bass > reference_ - 2 && bass_away_ > 2.5 && now - last_build_up_ < 4 && now - last_drop_ > kRest) {
    structure_.drop = true;
    ++structure_.drops;
    structure_.bars_since_drop = 0;
    structure_.build_up = false;
    last_drop_ = now;
    bass_away_ = 0;
  }
}

const Structure& StructureListener::process(Spectrum spectrum) noexcept {
  listen(spectrum);
  const float bass = decibels(low_fast_.value), slow = decibels(low_slow_.value);
  follow_bass(slow);

  const Moment now{decibels(highs_.value), std::log2(centroid_.value + 1), density_.value, decibels(energy_.value)};
  auto& oldest = moments_[hops_ % moments_.size()];
  const std::size_t known = std::min<std::uint64_t>(hops_, moments_.size());
  const Moment then = known < moments_.size() ? moments_[0] : oldest;
  const auto seconds = static_cast<float>(std::max(1.0, static_cast<double>(known)) * hop_seconds_);
  oldest = now;
  if (known == 0) {
    structure_.energy_trend = 0;
  } else {
    const float tense = 0.4F * part((now.highs - then.highs) / seconds, 1.5F) +
                        0.3F * part((now.centroid - then.centroid) / seconds, 0.15F) +
                        0.3F * part((now.density - then.density) / seconds / (then.density + 0.01F), 0.08F);
    tension_ += (tense - tension_) * static_cast<float>(hop_seconds_ / 0.5);
    // Over a short beginning a slope says nothing: it counts fully only after the whole span.
    structure_.energy_trend =
        part((now.energy - then.energy) / seconds, 6) * std::min(1.0F, seconds / static_cast<float>(kSpan));
  }
  ++hops_;
  structure_.drop = false;
  if (static_cast<double>(hops_) * hop_seconds_ > kFirst) decide(bass);
  structure_.tension = std::clamp(tension_, 0.0F, 1.0F);
  structure_.brightness =
      energy_.value > 1e-8F ? std::clamp(std::log2(centroid_.value / kLow) / std::log2(kHigh / kLow), 0.0F, 1.0F) : 0;
  return structure_;
}

void StructureListener::count_bar() noexcept {
  if (structure_.bars_since_drop >= 0) ++structure_.bars_since_drop;
}

}  // namespace vj::audio
