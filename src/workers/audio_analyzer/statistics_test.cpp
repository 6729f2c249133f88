#include "workers/audio_analyzer/statistics.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;

namespace {

std::vector<HopCost> hops(std::size_t count, float latency_ms) {
  std::vector<HopCost> list(count);
  for (std::size_t i = 0; i < count; ++i) {
    list[i].latency_ms = latency_ms;
    list[i].osc = 3000;
    list[i].stages[0] = 5000;
    if (i % 2 == 1) list[i].stages[static_cast<std::size_t>(audio::Stage::kPitch)] = 20000;
  }
  return list;
}

}  // namespace

TEST_CASE("percentiles of one to a hundred") {
  std::vector<float> values;
  for (int i = 100; i >= 1; --i) values.push_back(static_cast<float>(i));
  CHECK(percentiles(values) == Percentiles{.least = 1, .median = 50, .p95 = 95, .p99 = 99, .most = 100});
  CHECK(percentiles({}) == Percentiles{});
}

TEST_CASE("under 15 ms is excellent, under 30 good, else high with a cause") {
  CHECK(report(hops(1000, 5), 6s, 0).verdict == "excellent");
  CHECK(report(hops(1000, 20), 6s, 0).verdict == "good");
  const auto high = report(hops(1000, 50), 6s, 0);
  CHECK(high.verdict == "high");
  CHECK(high.cause.find("large blocks") != std::string::npos);
}

TEST_CASE("lost blocks are told, whatever the latency") {
  const auto r = report(hops(1000, 5), 6s, 3);
  CHECK(r.overruns == 3);
  CHECK(r.cause.find("3 blocks were lost") != std::string::npos);
}

TEST_CASE("without sound there is no verdict, and the question that helps") {
  const auto r = report({}, 10s, 0);
  CHECK(r.verdict.empty());
  CHECK(r.cause.find("no sound came in") != std::string::npos);
}

TEST_CASE("a stage that works every second hop is told by those hops") {
  const auto r = report(hops(1000, 5), 5s, 0);
  CHECK(r.stages[static_cast<std::size_t>(audio::Stage::kPitch)].median == doctest::Approx(20));
  CHECK(r.stages[0].median == doctest::Approx(5));
  CHECK(r.stages[audio::kStages].median == doctest::Approx(3));
  CHECK(r.frames_per_second == doctest::Approx(200));
}
