// Where a text in a packet ends. It fills whole words of four bytes, the last of which holds the zero byte that
// terminates it, so that terminator and padding are found as one. Real-time safe: yes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "osc/byte_order.hpp"

namespace vj::osc {

// The lowest bit that is set is the high bit of the word's first zero byte; none is where there is no zero byte.
// (Mycroft's test; above the first zero byte it may find others that are none.)
template <class Word>
[[nodiscard]] constexpr Word zero_bytes(Word word) {
  constexpr auto kOnes = static_cast<Word>(0x0101'0101'0101'0101), kHighBits = static_cast<Word>(0x8080'8080'8080'8080);
  return (word - kOnes) & ~word & kHighBits;
}

// The terminator in the word at `at`; null where it holds none.
template <class Word>
[[nodiscard]] const char* terminator_in(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  const auto zeros = zero_bytes(word);
  return zeros == 0 ? nullptr : at + std::countr_zero(zeros) / 8;
}

// The terminator of the text at `at`; null where it, or its padding, is not there before `end`.
[[nodiscard]] inline const char* text_end(const char* at, const char* end) {
  for (; end - at >= 8; at += 8) {
    if (const char* const found = terminator_in<std::uint64_t>(at)) return found;
  }
  return end - at >= 4 ? terminator_in<std::uint32_t>(at) : nullptr;
}

// The same of a text that is known to end.
[[nodiscard]] inline const char* text_end(const char* at) {
  while (true) {
    if (const char* const found = terminator_in<std::uint32_t>(at)) return found;
    at += 4;
  }
}

// What comes behind the text between these two.
[[nodiscard]] inline const char* behind_text(const char* begin, const char* terminator) {
  return begin + padded(static_cast<std::size_t>(terminator - begin) + 1);
}

}  // namespace vj::osc
