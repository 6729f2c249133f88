// The tempo of the last beats: a straight line through the last 8 to 16 of them, which is far more exact than any one
// interval.
#pragma once

#include <array>
#include <cstddef>

namespace vj::audio {

class TempoLine {
 public:
  // A beat at `seconds`; `expected` is the beat length that the caller believes in. A beat that does not fit starts a
  // new line.
  void add(double seconds, double expected) noexcept;
  void clear() noexcept { count_ = 0; }

  // Seconds per beat; 0 with fewer than three beats.
  [[nodiscard]] double beat_length() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return count_; }

 private:
  static constexpr std::size_t kMost = 16;
  static constexpr std::size_t kFew = 8;

  struct Fit {
    double slope, deviation;
  };
  [[nodiscard]] Fit fit(std::size_t newest) const noexcept;

  struct Beat {
    double index, seconds;
  };
  std::array<Beat, kMost> beats_{};  // oldest first
  std::size_t count_ = 0;
};

}  // namespace vj::audio
