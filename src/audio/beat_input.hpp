// What the bar pointer is shown of a hop: a few learned features of what begins in it. A small network sees how loud
// each onset band is against its mean of the last seconds, now, in the three hops before and in the tenth of a second
// before those; so it is deaf to loudness and to the tone of a mix. Real-time safe after construction.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "audio/beat_patterns.hpp"
#include "audio/onset_bands.hpp"

namespace vj::audio {

class BeatInput {
 public:
  using Features = std::array<float, BeatEars::kFeatures>;

  // Of the shape of `bands`, which are not kept; `hops_per_second` of listen().
  BeatInput(const OnsetBands& bands, double hops_per_second, BeatEars ears);

  // Every hop.
  void listen(const OnsetBands& bands) noexcept;
  // What there is to be heard now. Not every hop needs it.
  [[nodiscard]] const Features& read() noexcept;
  void reset() noexcept;

 private:
  using Bands = std::array<float, BeatEars::kBands>;

  BeatEars ears_;
  std::array<std::size_t, BeatEars::kBands> from_{};  // the band that each band of the ears is taken from
  double longest_;                                    // hops that the mean goes back
  float quick_;                                       // how much of a hop goes into the short mean
  Bands mean_{};
  std::array<Bands, BeatEars::kFrames> loudness_{};  // a ring; of the oldest, the short mean until then
  Bands short_mean_{};
  std::array<Bands, BeatEars::kFrames> short_means_{};
  std::size_t newest_ = 0;
  double hops_ = 0;
  Features features_{};
};

}  // namespace vj::audio
