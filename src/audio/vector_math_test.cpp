#include "audio/vector_math.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace vj::audio;

TEST_CASE("a sum is of all from the first to before the last") {
  const auto number = [](std::size_t i) { return static_cast<float>(i); };
  CHECK(sum_of(0, 0, number) == 0);
  CHECK(sum_of(3, 4, number) == 3);
  CHECK(sum_of(0, 100, number) == 4950);
  CHECK(sum_of(5, 24, number) == 266);
}

TEST_CASE("the quick logarithm is one to within 2e-5, from the smallest numbers to the largest") {
  for (float x = 1e-37F; x < 1e37F; x *= 1.01F) {
    CAPTURE(x);
    CHECK(std::abs(quick_log(x) - std::log(x)) < 2e-5F + 1e-6F * std::abs(std::log(x)));
  }
}
