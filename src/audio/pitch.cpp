#include "audio/pitch.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <utility>

#include "audio/vector_math.hpp"

namespace vj::audio {

namespace {

constexpr double kLowest = 41, kHighest = 2000;   // Hz
constexpr double kPassFrom = 50, kPassTo = 1800;  // Hz
constexpr double kBinsPerOctave = 60;
constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kQuietest = 1e-3F;  // RMS
constexpr double kLowBelow = 80;    // Hz: pitches of which the longer frame is asked
// Thresholds are spread as Beta(2, b). How many a depth is below says how sure it is that there is a pitch; how many a
// shallower minimum at a shorter lag is below, counted from the deepest, how likely that one is the period.
constexpr float kVoicedBeta = 11, kPeriodBeta = 18;

// The newest samples into a frame of a lower rate, each the mean of some: of what would come out as a low pitch there,
// it hears nothing.
template <std::size_t kSamples, std::size_t kSize, std::size_t kHop>
void take(std::array<float, kSize>& frame, const std::array<float, kHop>& samples) noexcept {
  constexpr std::size_t kNew = kHop / kSamples;
  std::copy(frame.begin() + kNew, frame.end(), frame.begin());
  for (std::size_t i = 0; i < kNew; ++i) {
    float sum = 0;
    for (std::size_t j = 0; j < kSamples; ++j) sum += samples[i * kSamples + j];
    frame[kSize - kNew + i] = sum / kSamples;
  }
}

// The share of thresholds above x.
float share_above(float x, float b) { return std::pow(1 - x, b) * (1 + b * x); }

}  // namespace

PitchTracker::PitchTracker(double sample_rate)
    : rate_(sample_rate),
      shortest_lag_(static_cast<std::size_t>(sample_rate / kStep / kHighest)),
      longest_lag_(static_cast<std::size_t>(sample_rate / kStep / kLowBelow) + 2),
      shortest_low_lag_(longest_lag_ * kStep / kLowStep),
      longest_low_lag_(static_cast<std::size_t>(sample_rate / kLowStep / 38.4)),
      difference_(kFrame / kStep, longest_lag_),
      low_difference_(kLowFrame / kLowStep, longest_low_lag_) {
  // A high-pass and a low-pass of the second order (Butterworth, by the bilinear transform).
  const auto section = [&](double hertz, bool high) {
    const double w = std::tan(std::numbers::pi * hertz / sample_rate);
    const double norm = 1 / (1 + std::numbers::sqrt2 * w + w * w);
    const double b = high ? norm : w * w * norm;
    return Section{static_cast<float>(b), static_cast<float>(high ? -2 * b : 2 * b), static_cast<float>(b),
                   static_cast<float>(2 * (w * w - 1) * norm),
                   static_cast<float>((1 - std::numbers::sqrt2 * w + w * w) * norm)};
  };
  sections_ = {section(kPassFrom, true), section(kPassTo, false)};

  float total = 0;
  for (std::size_t i = 0; i < spread_.size(); ++i) {
    const float away = std::abs(static_cast<float>(i) - static_cast<float>(kSpread));
    total += spread_[i] = 1 - away / (kSpread + 1);
  }
  for (auto& share : spread_) share /= total;
  reset();
}

void PitchTracker::reset() noexcept {
  for (auto& section : sections_) section.z1 = section.z2 = 0;
  frame_.fill(0);
  low_frame_.fill(0);
  voiced_.fill(0.5F / kBins);
  unvoiced_ = 0.5F;
  pitch_ = {};
}

void PitchTracker::filter(std::span<const float, kHop> samples) noexcept {
  std::array<float, kHop> passed;
  for (std::size_t i = 0; i < kHop; ++i) {
    float x = samples[i];
    for (auto& s : sections_) {
      const float y = s.b0 * x + s.z1;
      s.z1 = s.b1 * x - s.a1 * y + s.z2;
      s.z2 = s.b2 * x - s.a2 * y;
      x = y;
    }
    passed[i] = x;
  }
  take<kStep>(frame_, passed);
  take<kLowStep>(low_frame_, passed);
}

PitchTracker::Difference::Difference(std::size_t frame, std::size_t longest_lag)
    : whole_(frame),
      part_(frame),
      product_(frame),
      difference_(longest_lag),
      normalized_(longest_lag),
      energy_(frame + 1) {}

void PitchTracker::Difference::process(std::span<const float> frame) noexcept {
  // What is compared with what is `lag` later: with all lags it fits into the frame, so that a transform of the frame's
  // size does not go round.
  const std::size_t window = frame.size() - difference_.size();
  std::ranges::copy(frame, whole_.input().begin());
  const auto part_in = part_.input();
  std::copy_n(frame.begin(), window, part_in.begin());
  std::fill(part_in.begin() + static_cast<std::ptrdiff_t>(window), part_in.end(), 0.0F);
  const auto whole = whole_.run();
  const auto part = part_.run();
  const auto product = product_.input();
  for (std::size_t k = 0; k < product.size(); ++k) {
    // Written out: the library's complex product minds infinities, which cannot come here.
    const float a = whole[k].real(), b = whole[k].imag(), c = part[k].real(), d = part[k].imag();
    product[k] = {a * c + b * d, b * c - a * d};
  }
  const auto correlation = product_.run();

  for (std::size_t i = 0; i < frame.size(); ++i) {
    energy_[i + 1] = energy_[i] + static_cast<double>(frame[i]) * static_cast<double>(frame[i]);
  }
  const double scale = 2 / static_cast<double>(frame.size());
  double sum = 0;
  normalized_[0] = 1;
  for (std::size_t lag = 1; lag < difference_.size(); ++lag) {
    const double here = energy_[window + lag] - energy_[lag];
    const double d = std::max(0.0, energy_[window] + here - scale * static_cast<double>(correlation[lag]));
    sum += d;
    difference_[lag] = static_cast<float>(d);
    normalized_[lag] = static_cast<float>(d * static_cast<double>(lag) / std::max(sum, 1e-12));
  }
}

float PitchTracker::Difference::exact(std::size_t lag) const noexcept {
  const float before = difference_[lag - 1], here = difference_[lag], after = difference_[lag + 1];
  // The bottom of the cosine of that period through the three, which over a long period is a parabola's.
  const auto whole = static_cast<float>(lag);
  const float slope = (before - after) / (before - 2 * here + after + 1e-12F);
  return whole + std::clamp(std::atan(slope * std::tan(kPi / whole)) * whole / (2 * kPi), -1.0F, 1.0F);
}

void PitchTracker::find_minima(const Difference& difference, std::size_t first_lag, double rate) noexcept {
  const auto depths = difference.normalized();
  for (std::size_t lag = first_lag; lag + 1 < depths.size(); ++lag) {
    const float here = depths[lag];
    if (here >= depths[lag - 1] || here > depths[lag + 1]) continue;
    candidates_[candidate_count_++] = {static_cast<float>(rate / static_cast<double>(difference.exact(lag))), here};
  }
}

void PitchTracker::find_candidates() noexcept {
  candidate_count_ = 0;
  observed_.fill(0);
  heard_ = 0;
  const float power = sum_of(0, frame_.size(), [this](std::size_t i) { return frame_[i] * frame_[i]; }) /
                      static_cast<float>(frame_.size());
  if (power < kQuietest * kQuietest) return;
  difference_.process(frame_);
  low_difference_.process(low_frame_);
  find_minima(difference_, shortest_lag_, rate_ / kStep);
  find_minima(low_difference_, shortest_low_lag_, rate_ / kLowStep);

  const auto candidates = std::span(candidates_).first(candidate_count_);
  float deepest = 1;
  for (const auto& candidate : candidates) deepest = std::min(deepest, candidate.depth);
  const float voiced = share_above(deepest, kVoicedBeta);
  float best = 1.01F, above_best = 0;
  for (const auto& candidate : candidates) {
    if (candidate.depth >= best) continue;
    // Thresholds between this depth and the best so far choose this lag: the first that is deep enough.
    best = candidate.depth;
    const float above = share_above(std::min(1.0F, best - deepest), kPeriodBeta);
    const float chance = voiced * (above - std::exchange(above_best, above));
    const double bin = std::round(std::log2(static_cast<double>(candidate.hertz) / kLowest) * kBinsPerOctave);
    if (chance > 0 && bin >= 0 && bin < kBins) {
      observed_[static_cast<std::size_t>(bin)] += chance;
      heard_ += chance;
    }
  }
}

void PitchTracker::move_on() noexcept {
  const float voiced = std::accumulate(voiced_.begin(), voiced_.end(), 0.0F);
  moved_.fill(0);
  for (std::size_t i = 0; i < kBins; ++i) {
    if (voiced_[i] < 1e-9F) continue;
    const std::size_t from = i < kSpread ? kSpread - i : 0;
    const std::size_t to = std::min(2 * kSpread + 1, kBins + kSpread - i);
    for (std::size_t d = from; d < to; ++d) moved_[i + d - kSpread] += voiced_[i] * spread_[d];
  }
  float total = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    const float prior = 0.99F * moved_[i] + 0.01F * unvoiced_ / kBins;
    const float near = (i > 0 ? observed_[i - 1] : 0) + (i + 1 < kBins ? observed_[i + 1] : 0);
    total += voiced_[i] = prior * (observed_[i] + 0.25F * near + 1e-5F);
  }
  unvoiced_ = (0.99F * unvoiced_ + 0.01F * voiced) * (1 - std::min(0.99F, heard_)) / kBins * 0.8F;
  total += unvoiced_;
  for (auto& chance : voiced_) chance /= total;
  unvoiced_ /= total;
}

const Pitch& PitchTracker::process(std::span<const float, kHop> samples) noexcept {
  filter(samples);
  find_candidates();
  move_on();
  pitch_.confidence = 1 - unvoiced_;
  pitch_.hertz = 0;
  if (unvoiced_ >= 0.5F) return pitch_;
  const auto best = static_cast<double>(std::max_element(voiced_.begin(), voiced_.end()) - voiced_.begin());
  const double likely = kLowest * std::exp2(best / kBinsPerOctave);
  pitch_.hertz = static_cast<float>(likely);
  // Exactly, where the difference function has a minimum nearby.
  double nearest = 0.04;
  for (const auto& candidate : std::span(candidates_).first(candidate_count_)) {
    const double away = std::abs(std::log2(static_cast<double>(candidate.hertz) / likely));
    if (away < nearest) nearest = away, pitch_.hertz = candidate.hertz;
  }
  return pitch_;
}

}  // namespace vj::audio
