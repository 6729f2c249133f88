// The pitch of the one voice or instrument that is heard, if there is one: difference functions by Fourier transform
// (YIN), of a longer frame for low pitches, many thresholds at once instead of one (as pYIN), and a probability for
// every fifth of a semitone from 41 to 2000 Hz that is moved on hop by hop. Real-time safe after construction.
#pragma once

#include <array>
#include <vector>

#include "audio/features.hpp"
#include "audio/fft.hpp"

namespace vj::audio {

class PitchTracker {
 public:
  static constexpr std::size_t kHop = 512;

  explicit PitchTracker(double sample_rate);

  const Pitch& process(std::span<const float, kHop> samples) noexcept;
  void reset() noexcept;

 private:
  static constexpr std::size_t kFrame = 2048;
  static constexpr std::size_t kStep = 2;  // samples that are one of the frame
  static constexpr std::size_t kLowFrame = 4096;
  static constexpr std::size_t kLowStep = 4;  // samples that are one of the low frame
  static constexpr std::size_t kBins = 336;
  static constexpr std::size_t kSpread = 15;  // bins that a pitch may move by in a hop

  struct Section {  // of the band-pass: one biquad
    float b0, b1, b2, a1, a2;
    float z1 = 0, z2 = 0;
  };
  struct Candidate {
    float hertz;
    float depth;  // of the difference function there: 0 is exactly periodic
  };

  // The difference function of a frame, and the same cumulative mean normalized.
  class Difference {
   public:
    Difference(std::size_t frame, std::size_t longest_lag);
    // For lags from 0 to before `longest_lag`.
    void process(std::span<const float> frame) noexcept;
    [[nodiscard]] std::span<const float> normalized() const noexcept { return normalized_; }
    // Where the minimum around a lag is exactly; normalizing would shift it.
    [[nodiscard]] float exact(std::size_t lag) const noexcept;

   private:
    RealFft whole_, part_;
    InverseFft product_;
    std::vector<float> difference_, normalized_;
    std::vector<double> energy_;
  };

  void filter(std::span<const float, kHop> samples) noexcept;
  void find_candidates() noexcept;
  void find_minima(const Difference& difference, std::size_t first_lag, double rate) noexcept;
  void move_on() noexcept;

  double rate_;
  std::size_t shortest_lag_, longest_lag_;          // in samples of the frame; the longest not included
  std::size_t shortest_low_lag_, longest_low_lag_;  // in samples of the low frame
  std::array<Section, 2> sections_;
  std::array<float, kFrame / kStep> frame_{};
  std::array<float, kLowFrame / kLowStep> low_frame_{};
  Difference difference_, low_difference_;
  std::array<Candidate, kFrame / 2> candidates_{};
  std::size_t candidate_count_ = 0;
  std::array<float, 2 * kSpread + 1> spread_{};
  std::array<float, kBins> observed_{}, voiced_{}, moved_{};
  float unvoiced_ = 0.5F;
  float heard_ = 0;
  Pitch pitch_;
};

}  // namespace vj::audio
