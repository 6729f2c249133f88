#include "supervision/restart_policy.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace vj::supervision {

TEST_CASE("delays double from 5 s and stay at 300 s") {
  std::vector<Duration> delays;
  for (int attempt = 1; attempt <= 10; ++attempt) delays.push_back(restart_delay({}, attempt));
  CHECK(delays == std::vector<Duration>{5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s, 300s, 300s});
}

TEST_CASE("the process manager's delay is 2 s each time") {
  const RestartPolicy policy{.first_delay = 2s, .longest_delay = 2s, .attempt_limit = 3};
  for (int attempt = 1; attempt <= 3; ++attempt) CHECK(restart_delay(policy, attempt) == 2s);
}

TEST_CASE("a delay of zero stays zero, however many attempts") {
  CHECK(restart_delay({.first_delay = 0s, .longest_delay = 300s, .attempt_limit = 1000}, 1000) == 0s);
}

TEST_CASE("a longest delay below the first one wins") {
  CHECK(restart_delay({.first_delay = 5s, .longest_delay = 1s, .attempt_limit = 10}, 1) == 1s);
}

TEST_CASE("the thousandth attempt does not overflow") { CHECK(restart_delay({}, 1000) == 300s); }

}  // namespace vj::supervision
