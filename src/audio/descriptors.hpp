// What the spectrum is like, as Essentia defines it (HFC by Masri, Flux L2, Centroid, RollOff .85, Flatness,
// SpectralComplexity), and the key it suggests. Real-time safe after construction.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "audio/features.hpp"
#include "audio/fft.hpp"

namespace vj::audio {

class DescriptorMeter {
 public:
  explicit DescriptorMeter(double sample_rate);

  // Once each 512 samples; `spectrum` is of the newest 2048 under a Hann window.
  const Descriptors& process(Spectrum spectrum) noexcept;
  void reset() noexcept;

 private:
  struct Place {  // where a bin lies among the twelve semitones
    std::size_t semitone;
    float share;  // of this one; the rest is the next one's
  };

  void hear_chroma() noexcept;
  void find_key() noexcept;

  double bin_hertz_;
  float forget_;  // of the chroma, a hop
  int key_hops_;  // that a key stays at least
  std::size_t peaks_from_, peaks_to_;
  std::vector<float> magnitudes_, before_;
  std::vector<Place> places_;
  std::array<float, 12> heard_{};  // since some ten seconds
  std::string_view key_;
  int key_held_ = 0;  // hops
  Descriptors descriptors_;
};

// Each as 0-1, for receivers that map a value to something they show: hfc, flux, centroid, rolloff, flatness,
// complexity.
[[nodiscard]] std::array<float, 6> shown(const Descriptors& descriptors) noexcept;

}  // namespace vj::audio
