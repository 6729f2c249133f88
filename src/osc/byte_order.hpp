// Numbers as OSC has them in a packet: big-endian, and everything padded to a multiple of four bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace vj::osc {

static_assert(std::endian::native == std::endian::little, "swap_order() is for little-endian machines");

[[nodiscard]] inline std::uint32_t swap_order(std::uint32_t value) { return __builtin_bswap32(value); }
[[nodiscard]] inline std::uint64_t swap_order(std::uint64_t value) { return __builtin_bswap64(value); }

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

template <class T>
[[nodiscard]] T load(const char* bytes) {
  BitsOf<T> bits;
  std::memcpy(&bits, bytes, sizeof bits);
  return std::bit_cast<T>(swap_order(bits));
}

template <class T>
void store(char* bytes, T value) {
  const auto bits = swap_order(std::bit_cast<BitsOf<T>>(value));
  std::memcpy(bytes, &bits, sizeof bits);
}

[[nodiscard]] constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

}  // namespace vj::osc
