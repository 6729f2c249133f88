// What the beat network is shown of a hop: loudness and rise of the onset bands, single below 300 Hz, where kick and
// bass are told apart, in pairs above.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "audio/onset_bands.hpp"

namespace vj::audio {

class BeatInput {
 public:
  static constexpr std::size_t kSize = 48;  // loudness of every group, then the rise of every group

  explicit BeatInput(const OnsetBands& bands);  // of the shape of these; which are not kept

  [[nodiscard]] std::span<const float, kSize> read(const OnsetBands& bands) noexcept;

 private:
  static constexpr std::size_t kGroups = kSize / 2;
  std::array<std::size_t, kGroups + 1> first_{};  // group g is the bands from first_[g] to before first_[g + 1]
  std::array<float, kSize> values_{};
};

}  // namespace vj::audio
