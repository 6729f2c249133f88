// Numbers too small to be normal are zero while this lives: a fading tail must not cost a hundred times as much.
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace vj::audio {

class DenormalsAreZero {
#if defined(__SSE2__)
 public:
  DenormalsAreZero() noexcept : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero); }
  ~DenormalsAreZero() { _mm_setcsr(before_); }
  DenormalsAreZero(const DenormalsAreZero&) = delete;
  DenormalsAreZero& operator=(const DenormalsAreZero&) = delete;

 private:
  static constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;
  unsigned before_;
#endif
};

}  // namespace vj::audio
