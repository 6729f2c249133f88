#include "audio/pitch.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

namespace vj::audio {

namespace {

constexpr double kLowest = 41, kHighest = 2000;   // Hz
constexpr double kPassFrom = 50, kPassTo = 1800;  // Hz
constexpr double kBinsPerOctave = 60;
constexpr float kQuietest = 1e-3F;        // RMS
constexpr float kBetaA = 2, kBetaB = 11;  // how thresholds are spread

}  // namespace

PitchTracker::PitchTracker(double sample_rate)
    : rate_(sample_rate),
      longest_lag_(std::min(kFrame * 9 / 16, static_cast<std::size_t>(sample_rate / 38.4))),
      shortest_lag_(static_cast<std::size_t>(sample_rate / kHighest)),
      whole_(kFft),
      part_(kFft),
      product_(kFft),
      difference_(longest_lag_),
      energy_(kFrame + 1) {
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

  std::array<float, 100> density{};
  for (std::size_t i = 0; i < density.size(); ++i) {
    const float x = static_cast<float>(i + 1) / 100;
    density[i] = std::pow(x, kBetaA - 1) * std::pow(1 - x, kBetaB - 1);
  }
  const float sum = std::accumulate(density.begin(), density.end(), 0.0F);
  for (std::size_t i = density.size(); i-- > 0;) threshold_chance_[i] = threshold_chance_[i + 1] + density[i] / sum;

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
  voiced_.fill(0.5F / kBins);
  unvoiced_ = 0.5F;
  pitch_ = {};
}

void PitchTracker::filter(std::span<const float, kHop> samples) noexcept {
  std::copy(frame_.begin() + kHop, frame_.end(), frame_.begin());
  for (std::size_t i = 0; i < kHop; ++i) {
    float x = samples[i];
    for (auto& s : sections_) {
      const float y = s.b0 * x + s.z1;
      s.z1 = s.b1 * x - s.a1 * y + s.z2;
      s.z2 = s.b2 * x - s.a2 * y;
      x = y;
    }
    frame_[kFrame - kHop + i] = x;
  }
}

// The cumulative mean normalized difference function of the frame, for lags from 0 to before longest_lag_.
void PitchTracker::difference() noexcept {
  const std::size_t window = kFrame - longest_lag_;
  const auto whole_in = whole_.input();
  std::copy(frame_.begin(), frame_.end(), whole_in.begin());
  std::fill(whole_in.begin() + kFrame, whole_in.end(), 0.0F);
  const auto part_in = part_.input();
  std::copy_n(frame_.begin(), window, part_in.begin());
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

  for (std::size_t i = 0; i < kFrame; ++i) {
    energy_[i + 1] = energy_[i] + static_cast<double>(frame_[i]) * static_cast<double>(frame_[i]);
  }
  rms_ = static_cast<float>(std::sqrt(energy_[kFrame] / kFrame));
  const double first = energy_[window];
  double sum = 0;
  difference_[0] = 1;
  for (std::size_t lag = 1; lag < longest_lag_; ++lag) {
    const double here = energy_[window + lag] - energy_[lag];
    const double d = std::max(0.0, first + here - 2 * static_cast<double>(correlation[lag]) / kFft);
    sum += d;
    difference_[lag] = static_cast<float>(d * static_cast<double>(lag) / std::max(sum, 1e-12));
  }
}

void PitchTracker::find_candidates() noexcept {
  candidate_count_ = 0;
  observed_.fill(0);
  heard_ = 0;
  if (rms_ < kQuietest) return;
  float best = 1.01F;
  for (std::size_t lag = shortest_lag_; lag + 1 < longest_lag_; ++lag) {
    const float here = difference_[lag];
    if (here >= difference_[lag - 1] || here > difference_[lag + 1]) continue;
    candidates_[candidate_count_++] = {lag, here};
    if (here >= best) continue;
    // Thresholds between this depth and the best so far choose this lag: the first that is deep enough.
    const auto from = static_cast<std::size_t>(std::clamp(std::ceil(here * 100) - 1, 0.0F, 100.0F));
    const auto to = static_cast<std::size_t>(std::clamp(std::ceil(best * 100) - 1, 0.0F, 100.0F));
    const float chance = threshold_chance_[from] - threshold_chance_[to];
    best = here;
    const double hertz = rate_ / static_cast<double>(exact_lag(lag));
    const double bin = std::round(std::log2(hertz / kLowest) * kBinsPerOctave);
    if (chance > 0 && bin >= 0 && bin < kBins) {
      observed_[static_cast<std::size_t>(bin)] += chance;
      heard_ += chance;
    }
  }
}

// The bottom of the parabola through a lag and its neighbours.
float PitchTracker::exact_lag(std::size_t lag) const noexcept {
  const float before = difference_[lag - 1], here = difference_[lag], after = difference_[lag + 1];
  return static_cast<float>(lag) + 0.5F * (before - after) / (before - 2 * here + after + 1e-12F);
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
  difference();
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
    const double hertz = rate_ / static_cast<double>(exact_lag(candidate.lag));
    const double away = std::abs(std::log2(hertz / likely));
    if (away < nearest) nearest = away, pitch_.hertz = static_cast<float>(hertz);
  }
  return pitch_;
}

}  // namespace vj::audio
