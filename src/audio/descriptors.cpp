#include "audio/descriptors.hpp"

#include <algorithm>
#include <cmath>

#include "audio/vector_math.hpp"

namespace vj::audio {

namespace {

constexpr std::size_t kSize = 2048;
constexpr double kHopSamples = 512;
constexpr double kMemory = 10;                       // seconds of chroma that a key is found in
constexpr float kPeak = 0.005F;                      // magnitude from which a peak counts
constexpr double kPeaksFrom = 100, kPeaksTo = 5000;  // Hz
constexpr float kRolloff = 0.85F;
constexpr float kLeastKey = 0.5F;    // correlation from which a key is taken
constexpr float kLeaveKey = 0.4F;    // and below which it is left
constexpr float kBetterKey = 0.02F;  // how much more another must have
constexpr double kKeyHeld = 1.5;     // seconds that a key stays at least

// How often the notes of a scale, from its root on, are heard in dance music (Essentia's "bgate").
constexpr std::array<float, 12> kMajor{1.00F, 0.00F, 0.42F, 0.00F, 0.53F, 0.37F,
                                       0.00F, 0.77F, 0.00F, 0.38F, 0.21F, 0.30F};
constexpr std::array<float, 12> kMinor{1.00F, 0.00F, 0.36F, 0.39F, 0.00F, 0.38F,
                                       0.00F, 0.74F, 0.27F, 0.00F, 0.42F, 0.23F};
constexpr std::array<std::array<std::string_view, 12>, 2> kKeys{{
    {"C major", "C# major", "D major", "Eb major", "E major", "F major", "F# major", "G major", "Ab major", "A major",
     "Bb major", "B major"},
    {"C minor", "C# minor", "D minor", "Eb minor", "E minor", "F minor", "F# minor", "G minor", "Ab minor", "A minor",
     "Bb minor", "B minor"},
}};

float correlation(const std::array<float, 12>& heard, const std::array<float, 12>& profile, std::size_t root) {
  float mean_a = 0, mean_b = 0;
  for (std::size_t i = 0; i < 12; ++i) mean_a += heard[i] / 12, mean_b += profile[i] / 12;
  float ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    const float a = heard[(root + i) % 12] - mean_a, b = profile[i] - mean_b;
    ab += a * b, aa += a * a, bb += b * b;
  }
  return aa > 0 ? ab / std::sqrt(aa * bb) : 0;
}

}  // namespace

DescriptorMeter::DescriptorMeter(double sample_rate)
    : bin_hertz_(sample_rate / kSize),
      forget_(static_cast<float>(kHopSamples / sample_rate / kMemory)),
      key_hops_(static_cast<int>(kKeyHeld * sample_rate / kHopSamples)),
      peaks_from_(static_cast<std::size_t>(std::ceil(kPeaksFrom / bin_hertz_))),
      peaks_to_(static_cast<std::size_t>(kPeaksTo / bin_hertz_)),
      magnitudes_(kSize / 2 + 1),
      before_(kSize / 2 + 1),
      places_(kSize / 2 + 1) {
  for (std::size_t k = 1; k < places_.size(); ++k) {
    const double note = 12 * std::log2(static_cast<double>(k) * bin_hertz_ / 440) + 9 + 120;  // from a C far below
    const double semitone = std::floor(note);
    places_[k] = {static_cast<std::size_t>(semitone) % 12, static_cast<float>(1 - (note - semitone))};
  }
}

void DescriptorMeter::reset() noexcept {
  std::fill(before_.begin(), before_.end(), 0.0F);
  heard_.fill(0);
  descriptors_ = {};
  key_ = {};
  key_held_ = 0;
}

const Descriptors& DescriptorMeter::process(Spectrum spectrum) noexcept {
  // Essentia's window has an area of 2, so that a sine's magnitude is its amplitude.
  constexpr float kScale = 4.0F / kSize;
  for (std::size_t k = 0; k < magnitudes_.size(); ++k) magnitudes_[k] = std::sqrt(std::norm(spectrum[k])) * kScale;
  const auto sum_over_bins = [this](auto f) { return sum_of(0, magnitudes_.size(), f); };
  const float sum = sum_over_bins([this](std::size_t k) { return magnitudes_[k]; });
  const float weighed = sum_over_bins([this](std::size_t k) { return static_cast<float>(k) * magnitudes_[k]; });
  const float energy = sum_over_bins([this](std::size_t k) { return magnitudes_[k] * magnitudes_[k]; });
  const float hfc =
      sum_over_bins([this](std::size_t k) { return static_cast<float>(k) * magnitudes_[k] * magnitudes_[k]; });
  const float difference =
      sum_over_bins([this](std::size_t k) { return (magnitudes_[k] - before_[k]) * (magnitudes_[k] - before_[k]); });
  const float logarithms = sum_over_bins([this](std::size_t k) { return quick_log(magnitudes_[k] + 1e-20F); });
  const auto hertz = static_cast<float>(bin_hertz_);
  const auto count = static_cast<float>(magnitudes_.size());
  descriptors_.hfc = hfc * hertz;
  descriptors_.flux = std::sqrt(difference);
  descriptors_.centroid = sum > 0 ? weighed / sum * hertz : 0;
  descriptors_.flatness = sum > 1e-9F ? std::exp(logarithms / count) / (sum / count) : 0;

  float below = 0;
  std::size_t k = 0;
  while (k + 1 < magnitudes_.size() && (below += magnitudes_[k] * magnitudes_[k]) < kRolloff * energy) ++k;
  descriptors_.rolloff = energy > 0 ? static_cast<float>(k) * hertz : 0;

  hear_chroma();
  find_key();
  std::swap(before_, magnitudes_);
  return descriptors_;
}

void DescriptorMeter::hear_chroma() noexcept {
  for (auto& note : heard_) note -= note * forget_;
  int peaks = 0;
  for (std::size_t k = peaks_from_; k <= peaks_to_; ++k) {
    const float here = magnitudes_[k];
    if (here <= kPeak || here <= magnitudes_[k - 1] || here < magnitudes_[k + 1]) continue;
    ++peaks;
    heard_[places_[k].semitone] += forget_ * here * places_[k].share;
    heard_[(places_[k].semitone + 1) % 12] += forget_ * here * (1 - places_[k].share);
  }
  descriptors_.complexity = static_cast<float>(peaks);
  const float strongest = *std::max_element(heard_.begin(), heard_.end());
  for (std::size_t i = 0; i < 12; ++i) descriptors_.chroma[i] = strongest > 1e-6F ? heard_[i] / strongest : 0;
}

// What is heard lies between two keys often, and between one and none: a key that was taken stays for some time, and
// longer unless another fits better than a little.
void DescriptorMeter::find_key() noexcept {
  float best = 0, own = 0;
  std::string_view found;
  for (std::size_t root = 0; root < 12; ++root) {
    for (std::size_t mode = 0; mode < 2; ++mode) {
      const auto name = kKeys[mode][root];
      const float fit = correlation(descriptors_.chroma, mode == 0 ? kMajor : kMinor, root);
      if (fit > best) best = fit, found = name;
      if (name == key_) own = fit;
    }
  }
  if (!key_.empty() && ++key_held_ >= key_hops_ && own < kLeaveKey) key_ = {}, own = 0;
  const bool may_change = key_.empty() || key_held_ >= key_hops_;
  if (may_change && found != key_ && best > kLeastKey && best > own + kBetterKey)
    key_ = found, own = best, key_held_ = 0;
  descriptors_.key = key_;
  descriptors_.key_strength = std::max(0.0F, own);
}

std::array<float, 6> shown(const Descriptors& d) noexcept {
  const auto share = [](float value) { return std::clamp(value, 0.0F, 1.0F); };
  constexpr float kNyquist = 20000;
  return {share(d.hfc / 100),          share(d.flux),     share(d.centroid / 10000),
          share(d.rolloff / kNyquist), share(d.flatness), share(d.complexity / 60)};
}

}  // namespace vj::audio
