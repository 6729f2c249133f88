// How long to wait before a restart, and how often to try. The delay doubles from attempt to attempt up to the longest;
// with the longest equal to the first it stays the same.
#pragma once

#include "base/time.hpp"

namespace vj::supervision {

struct RestartPolicy {
  Duration first_delay = 5s;
  Duration longest_delay = 300s;
  int attempt_limit = 10;  // restarts that may fail in a row; the next failure is final

  friend bool operator==(const RestartPolicy&, const RestartPolicy&) = default;
};

// The delay before restart number `attempt`, which counts from 1.
[[nodiscard]] Duration restart_delay(const RestartPolicy&, int attempt);

}  // namespace vj::supervision
