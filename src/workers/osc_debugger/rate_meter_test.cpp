#include "workers/osc_debugger/rate_meter.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::osc_debugger;

namespace {
Time at(Duration since_start) { return Time(1h) + since_start; }
}  // namespace

TEST_CASE("nothing is no rate") { CHECK(RateMeter().per_second(at(0s)) == 0); }

TEST_CASE("a steady stream has its rate, whenever one looks") {
  RateMeter meter;
  for (int i = 0; i < 1000; ++i) {
    meter.add(at(i * 10ms));
    if (i > 130) CHECK(meter.per_second(at(i * 10ms)) == 100);
  }
}

TEST_CASE("a stream that ends is forgotten after a second and a quarter") {
  RateMeter meter;
  for (int i = 0; i < 100; ++i) meter.add(at(i * 10ms));
  CHECK(meter.per_second(at(1s)) == 100);
  CHECK(meter.per_second(at(1500ms)) == 50);
  CHECK(meter.per_second(at(2s)) == 0);
  CHECK(meter.per_second(at(100h)) == 0);
}

TEST_CASE("a long pause leaves nothing of what was before") {
  RateMeter meter;
  for (int i = 0; i < 100; ++i) meter.add(at(i * 10ms));
  meter.add(at(1h));
  CHECK(meter.per_second(at(1h + 250ms)) == 1);
}
