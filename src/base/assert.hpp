// VJ_ASSERT(condition): a promise between two parts of the program. Always on; a broken one ends the process with one
// line, and the process manager starts it again.
#pragma once

#include <cstdio>
#include <cstdlib>

#define VJ_ASSERT(condition)                                                                 \
  do {                                                                                       \
    if (!(condition)) [[unlikely]] {                                                         \
      std::fprintf(stderr, "broken promise: %s at %s:%d\n", #condition, __FILE__, __LINE__); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)
