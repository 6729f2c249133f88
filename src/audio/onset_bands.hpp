// What happens in each sixth of an octave from 30 Hz to 16 kHz: how loud it is, against the loudest sample of the last
// seconds, and how much louder than a moment before. The ears of onset detection and beat tracking. Real-time safe
// after construction.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "audio/fft.hpp"

namespace vj::audio {

class OnsetBands {
 public:
  static constexpr std::size_t kMost = 64;

  explicit OnsetBands(double sample_rate, std::size_t fft_size, std::size_t hop);

  // `spectrum` of the newest fft_size samples under a Hann window; `peak` is the loudest of the newest hop.
  void process(Spectrum spectrum, float peak) noexcept;
  void reset() noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return bands_.size(); }
  [[nodiscard]] std::span<const float> loudness() const noexcept { return {history_[newest_].data(), size()}; }
  // How far each band rose above the loudest of itself and its neighbours two hops before (SuperFlux): vibrato and
  // glides, which only move between neighbours, leave no trace.
  [[nodiscard]] std::span<const float> rise() const noexcept { return {rise_.data(), size()}; }
  [[nodiscard]] float centre(std::size_t band) const noexcept { return bands_[band].centre; }  // Hz
  [[nodiscard]] float reference() const noexcept { return reference_; }  // the loudest sample, halved every 8 s

 private:
  struct Band {
    std::size_t first, last;  // bins, both included
    float centre;
  };

  std::vector<Band> bands_;
  std::array<std::array<float, kMost>, 3> history_{};
  std::array<float, kMost> rise_{};
  std::size_t newest_ = 0;
  float reference_ = 0;
  float decay_;
  float scale_;
};

}  // namespace vj::audio
