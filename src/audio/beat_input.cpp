#include "audio/beat_input.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.hpp"

namespace vj::audio {

namespace {

constexpr double kMeanSeconds = 4;
constexpr double kShortSeconds = 0.1;
constexpr float kFurthest = 127.0F / 30;  // an input further from 0 is cut off, as in training
// The bands that the network was trained with.
constexpr double kTrainedRate = 44100;
constexpr std::size_t kTrainedFft = 1024, kTrainedHop = 256;

// out = biases + weights^T in: `weights` has a row of Out for each input, then the biases.
template <std::size_t In, std::size_t Out>
void layer(const std::array<float, In>& in, const std::vector<float>& weights, std::array<float, Out>& out) noexcept {
  const float* row = weights.data() + In * Out;
  std::copy_n(row, Out, out.begin());
  row = weights.data();
  for (std::size_t i = 0; i < In; ++i, row += Out) {
    const float x = in[i];
    for (std::size_t o = 0; o < Out; ++o) out[o] += x * row[o];
  }
}

template <std::size_t N>
void rectify(std::array<float, N>& values) noexcept {
  for (float& value : values) value = std::max(0.0F, value);
}

}  // namespace

BeatInput::BeatInput(const OnsetBands& bands, double hops_per_second, BeatEars ears)
    : ears_(std::move(ears)),
      longest_(kMeanSeconds * hops_per_second),
      quick_(static_cast<float>(1 / (kShortSeconds * hops_per_second))) {
  using E = BeatEars;
  VJ_ASSERT(ears_.wide.size() == (E::kInputs + 1) * E::kWide);
  VJ_ASSERT(ears_.narrow.size() == (E::kWide + 1) * E::kNarrow);
  VJ_ASSERT(ears_.features.size() == (E::kNarrow + 1) * E::kFeatures);
  const OnsetBands trained(kTrainedRate, kTrainedFft, kTrainedHop);
  VJ_ASSERT(trained.size() == E::kBands);
  for (std::size_t band = 0; band < E::kBands; ++band) {
    std::size_t nearest = 0;
    for (std::size_t b = 1; b < bands.size(); ++b) {
      const auto away = [&](std::size_t of) { return std::abs(std::log(bands.centre(of) / trained.centre(band))); };
      if (away(b) < away(nearest)) nearest = b;
    }
    from_[band] = nearest;
  }
  reset();
}

void BeatInput::reset() noexcept { hops_ = 0; }

void BeatInput::listen(const OnsetBands& bands) noexcept {
  const auto loudness = bands.loudness();
  newest_ = (newest_ + 1) % loudness_.size();
  auto& now = loudness_[newest_];
  for (std::size_t b = 0; b < now.size(); ++b) now[b] = loudness[from_[b]];
  if (hops_ == 0) {
    // There was nothing before: as if it had always been so.
    mean_ = short_mean_ = now;
    loudness_.fill(now);
    short_means_.fill(now);
  }
  hops_ = std::min(hops_ + 1, longest_);
  const auto weight = static_cast<float>(1 / hops_);
  for (std::size_t b = 0; b < now.size(); ++b) {
    mean_[b] += weight * (now[b] - mean_[b]);
    short_mean_[b] += quick_ * (now[b] - short_mean_[b]);
  }
  short_means_[newest_] = short_mean_;
}

const BeatInput::Features& BeatInput::read() noexcept {
  using E = BeatEars;
  std::array<float, E::kInputs> input;
  for (std::size_t frame = 0; frame < E::kFrames; ++frame) {
    const std::size_t at = (newest_ + E::kFrames - frame) % E::kFrames;
    const auto& from = frame + 1 < E::kFrames ? loudness_[at] : short_means_[at];
    for (std::size_t b = 0; b < E::kBands; ++b) {
      input[frame * E::kBands + b] = std::clamp(from[b] - mean_[b], -kFurthest, kFurthest);
    }
  }
  std::array<float, E::kWide> wide;
  std::array<float, E::kNarrow> narrow;
  layer(input, ears_.wide, wide);
  rectify(wide);
  layer(wide, ears_.narrow, narrow);
  rectify(narrow);
  layer(narrow, ears_.features, features_);
  for (float& feature : features_) feature = std::log1p(std::exp(std::min(feature, 20.0F)));
  return features_;
}

}  // namespace vj::audio
