// How loud each band is, 0 to 1, for eyes: in decibels below a common reference, which follows the loudest of the last
// seconds. The reference is one for all bands, so equal loudness in is an equal level out, whatever the pitch.
// Real-time safe after construction.
#pragma once

#include <array>
#include <vector>

#include "audio/features.hpp"
#include "audio/fft.hpp"

namespace vj::audio {

// The power (mean square of full scale) of bins first to before last, of a spectrum of `size` samples under a Hann
// window.
[[nodiscard]] float power_between(Spectrum spectrum, std::size_t first, std::size_t last) noexcept;

// Turns powers into levels; shared by levels and spectrum, so that both mean the same.
class LevelScale {
 public:
  static constexpr float kRange = 48;   // dB from 0 to 1
  static constexpr float kFloor = -50;  // dBFS: the reference never falls below, so silence stays 0

  explicit LevelScale(double sample_rate);
  void follow(float power) noexcept;  // of everything, once a hop
  [[nodiscard]] float level(float power) const noexcept;
  void reset() noexcept { reference_ = kFloor; }

 private:
  float fall_;  // dB a hop
  float reference_ = kFloor;
};

class LevelMeter {
 public:
  // `release_seconds`: how long a level takes to fall to a third.
  LevelMeter(double sample_rate, double release_seconds);

  // Every hop. `slow` is of 2048 samples, the newest or those of the hop before, for the bands that need its
  // resolution; `fast` of the newest 1024, for the others, which then move earlier. `power` is the mean square of the
  // newest 1024 samples.
  const Levels& process(Spectrum slow, Spectrum fast, float power, const LevelScale& scale) noexcept;
  void reset() noexcept { levels_ = {}; }

 private:
  struct Range {
    std::size_t first, last;
    bool slow;
  };
  std::array<Range, kBands> ranges_{};
  float release_;
  Levels levels_;
};

class SpectrumMeter {
 public:
  SpectrumMeter(double sample_rate, double release_seconds);
  // Every second hop.
  std::span<const float, kSpectrumBins> process(Spectrum slow, const LevelScale& scale) noexcept;
  void reset() noexcept { bins_.fill(0); }

 private:
  std::array<std::size_t, kSpectrumBins + 1> edges_{};
  float release_;
  std::array<float, kSpectrumBins> bins_{};
};

}  // namespace vj::audio
