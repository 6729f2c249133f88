// What the bar pointer is shown of a hop: how much the onset bands rose in each of a few ranges of pitch, over their
// mean of the last seconds, in a dozen levels. The levels make it deaf to loudness and to a mix it has not heard
// before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "audio/onset_bands.hpp"

namespace vj::audio {

class BeatInput {
 public:
  static constexpr std::size_t kGroups = 4;  // kick, body, middle and top
  static constexpr std::size_t kLevels = 12;
  using Levels = std::array<std::uint8_t, kGroups>;

  BeatInput(const OnsetBands& bands, double hops_per_second);  // of the shape of these; which are not kept

  [[nodiscard]] const Levels& read(const OnsetBands& bands) noexcept;
  void reset() noexcept;

 private:
  std::vector<std::uint8_t> group_;     // of each band
  std::array<float, kGroups> share_{};  // one over the bands of the group
  double longest_;                      // hops that the mean goes back
  std::array<float, kGroups> mean_{};
  Levels levels_{};
  double hops_ = 0;
};

}  // namespace vj::audio
