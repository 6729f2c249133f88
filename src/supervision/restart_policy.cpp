#include "supervision/restart_policy.hpp"

#include <algorithm>

namespace vj::supervision {

Duration restart_delay(const RestartPolicy& policy, int attempt) {
  Duration delay = policy.first_delay;
  // Stops at the cap rather than computing 2^n, which would overflow for a generous limit.
  for (int n = 1; n < attempt && delay < policy.longest_delay; ++n) delay *= 2;
  return std::min(delay, policy.longest_delay);
}

}  // namespace vj::supervision
