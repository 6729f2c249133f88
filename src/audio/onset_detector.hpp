// Says when something was struck: a rise over all bands, well above what rises have been lately. Independent of any
// beat. Real-time safe.
#pragma once

#include <cstddef>

#include "audio/features.hpp"
#include "audio/onset_bands.hpp"

namespace vj::audio {

class OnsetDetector {
 public:
  explicit OnsetDetector(double sample_rate);
  const Onset& process(const OnsetBands& bands, bool silent) noexcept;  // once a hop
  void reset() noexcept;

 private:
  float forget_;      // of the mean, a hop
  std::size_t rest_;  // hops after an onset in which there is no other
  float mean_ = 0;
  std::size_t since_ = 0;
  float before_ = 0;
  Onset onset_;
};

}  // namespace vj::audio
