// The learned part of beat tracking: how music rises in four ranges of pitch at each place of a bar, for a few patterns
// of playing. Tables of log-likelihood ratios, counted by scripts/audio/train_beat_patterns.py.
#pragma once

#include <cstddef>
#include <vector>

#include "audio/beat_input.hpp"

namespace vj::audio {

struct BeatPatterns {
  static constexpr std::size_t kBins = 64;  // of a bar of four beats

  struct Pattern {
    double slowest, fastest;  // BPM at which it is played
  };
  std::vector<Pattern> patterns;
  // How much likelier level `q` of group `g` is in bin `b` of pattern `p` than anywhere, as a natural logarithm: at
  // ((g * kLevels + q) * patterns.size() + p) * kBins + b.
  std::vector<float> ratios;

  [[nodiscard]] std::size_t row() const { return patterns.size() * kBins; }
};

// What is built in.
[[nodiscard]] BeatPatterns trained_beat_patterns();

}  // namespace vj::audio
