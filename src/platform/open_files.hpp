// How many files this process may have open at once.
#pragma once

#include <cstdint>

namespace vj::platform {

// The soft limit (`ulimit -n`); the largest number where there is none. Thread-safe: yes.
[[nodiscard]] std::uint64_t open_file_limit();

}  // namespace vj::platform
