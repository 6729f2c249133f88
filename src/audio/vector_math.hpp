// Arithmetic over many numbers, written so that a compiler does several at once, which plain loops forbid: sums in
// another order than one by one, and logarithms as good as an ear needs. Real-time safe: yes.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace vj::audio {

// The sum of f(i) for i from `first` to before `last`, eight sums side by side.
template <class F>
[[nodiscard]] inline float sum_of(std::size_t first, std::size_t last, F f) noexcept {
  std::array<float, 8> sums{};
  for (; first + sums.size() <= last; first += sums.size()) {
    for (std::size_t lane = 0; lane < sums.size(); ++lane) sums[lane] += f(first + lane);
  }
  float rest = 0;
  for (; first < last; ++first) rest += f(first);
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest;
}

// The natural logarithm of a positive normal number, to within 2e-5.
[[nodiscard]] inline float quick_log(float x) noexcept {
  const auto bits = std::bit_cast<std::int32_t>(x);
  // x = 2^exponent * mantissa, with the mantissa from sqrt(1/2) to sqrt(2).
  const std::int32_t exponent = (bits - 0x3f3504f3) >> 23;
  const float t = std::bit_cast<float>(bits - (exponent << 23)) - 1;
  // The logarithm of 1 + t by a polynomial that was fitted to err the same everywhere in that range.
  const float log1p = t * (0.999919F + t * (-0.4992347F + t * (0.3373433F + t * (-0.2734821F + t * 0.1751197F))));
  return static_cast<float>(exponent) * 0.69314718F + log1p;
}

}  // namespace vj::audio
