#include "audio/beat_input.hpp"

#include <algorithm>

namespace vj::audio {

namespace {
constexpr std::array<float, BeatInput::kGroups - 1> kSplits{140, 600, 3500};  // Hz
constexpr std::array<float, BeatInput::kLevels - 1> kEdges{0.1F, 0.3F, 0.6F, 1, 1.5F, 2, 3, 4, 5.5F, 8, 12};
constexpr double kMeanSeconds = 4;
constexpr float kUsual = 0.02F;   // the mean before anything was heard
constexpr float kFaint = 0.004F;  // added to it: a rise of nothing much over nothing at all is no event
}  // namespace

BeatInput::BeatInput(const OnsetBands& bands, double hops_per_second) : longest_(kMeanSeconds * hops_per_second) {
  std::array<float, kGroups> count{};
  for (std::size_t band = 0; band < bands.size(); ++band) {
    const auto group =
        static_cast<std::size_t>(std::ranges::upper_bound(kSplits, bands.centre(band)) - kSplits.begin());
    group_.push_back(static_cast<std::uint8_t>(group));
    ++count[group];
  }
  for (std::size_t g = 0; g < kGroups; ++g) share_[g] = 1 / std::max(1.0F, count[g]);
  reset();
}

void BeatInput::reset() noexcept {
  mean_.fill(kUsual);
  hops_ = 0;
}

const BeatInput::Levels& BeatInput::read(const OnsetBands& bands) noexcept {
  const auto rise = bands.rise();
  std::array<float, kGroups> sum{};
  for (std::size_t band = 0; band < group_.size(); ++band) sum[group_[band]] += rise[band];
  hops_ = std::min(hops_ + 1, longest_);
  const auto weight = static_cast<float>(1 / hops_);
  for (std::size_t g = 0; g < kGroups; ++g) {
    const float rose = sum[g] * share_[g];
    mean_[g] += weight * (rose - mean_[g]);
    const float level = rose / (mean_[g] + kFaint);
    levels_[g] = static_cast<std::uint8_t>(std::ranges::lower_bound(kEdges, level) - kEdges.begin());
  }
  return levels_;
}

}  // namespace vj::audio
