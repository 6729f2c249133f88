#include "audio/beat_input.hpp"

#include <algorithm>

namespace vj::audio {

namespace {
constexpr float kSingleBelow = 300;  // Hz
}

BeatInput::BeatInput(const OnsetBands& bands) {
  // A rate other than 44.1 kHz may give a band more or less: the last groups are then a little wider, or stay empty.
  std::size_t band = 0;
  for (std::size_t group = 0; group < kGroups; ++group) {
    first_[group] = band;
    band = std::min(bands.size(), band + (band < bands.size() && bands.centre(band) < kSingleBelow ? 1 : 2));
  }
  first_[kGroups] = bands.size();
}

std::span<const float, BeatInput::kSize> BeatInput::read(const OnsetBands& bands) noexcept {
  const auto loudness = bands.loudness();
  const auto rise = bands.rise();
  for (std::size_t group = 0; group < kGroups; ++group) {
    float loud = 0, rose = 0;
    for (std::size_t band = first_[group]; band < first_[group + 1]; ++band) {
      loud += loudness[band];
      rose += rise[band];
    }
    const auto count = static_cast<float>(std::max<std::size_t>(1, first_[group + 1] - first_[group]));
    values_[group] = loud / count;
    values_[kGroups + group] = rose / count;
  }
  return values_;
}

}  // namespace vj::audio
