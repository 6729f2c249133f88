// Fourier transforms of real signals. Making one plans and allocates; running it does neither. The same samples give
// the same numbers on the same machine, run after run: plans are estimated, never measured.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace vj::audio {

using Spectrum = std::span<const std::complex<float>>;

// Samples to size / 2 + 1 bins, not normalized.
class RealFft {
 public:
  explicit RealFft(std::size_t size);  // a power of two. Not thread-safe: the planner is shared
  ~RealFft();
  RealFft(RealFft&&) noexcept;

  [[nodiscard]] std::span<float> input() noexcept;  // `size` samples, kept until written again
  Spectrum run() noexcept;                          // valid until the next run

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

// Bins to samples, scaled by `size` as FFTW does.
class InverseFft {
 public:
  explicit InverseFft(std::size_t size);
  ~InverseFft();
  InverseFft(InverseFft&&) noexcept;

  [[nodiscard]] std::span<std::complex<float>> input() noexcept;  // overwritten by run()
  std::span<const float> run() noexcept;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

// A Hann window, periodic and centred between samples.
[[nodiscard]] std::vector<float> hann_window(std::size_t size);

}  // namespace vj::audio
