// The shape of dance music: tension that builds while the bass is away, and the moment when it comes back. Real-time
// safe after construction.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "audio/features.hpp"
#include "audio/fft.hpp"

namespace vj::audio {

class StructureListener {
 public:
  explicit StructureListener(double sample_rate);

  // Once each 512 samples; `spectrum` is of the newest 2048 under a Hann window.
  const Structure& process(Spectrum spectrum) noexcept;
  void count_bar() noexcept;  // a new bar begins
  void reset() noexcept;

 private:
  struct Smooth {  // an exponential mean that begins at its first value
    float share;
    float value = 0;
    void add(float x, bool first) noexcept { value = first ? x : value + share * (x - value); }
  };
  struct Moment {
    float highs, centroid, density, energy;
  };

  void listen(Spectrum spectrum) noexcept;
  void follow_bass(float slow) noexcept;
  void decide(float bass) noexcept;

  double hop_seconds_;
  std::size_t low_from_, low_to_, mid_to_, high_to_, density_from_;  // bins
  double bin_hertz_;
  Smooth low_fast_, low_slow_, highs_, centroid_, density_, energy_;
  std::vector<float> powers_, magnitudes_;
  std::vector<float> before_;    // log magnitudes of the hop before
  std::vector<Moment> moments_;  // the last four seconds, a ring
  std::uint64_t hops_ = 0;
  float reference_ = 0;   // dB: the loudest bass lately
  double bass_away_ = 0;  // seconds
  float tension_ = 0;
  double last_build_up_ = 0, last_drop_ = 0;  // seconds
  Structure structure_;
};

}  // namespace vj::audio
