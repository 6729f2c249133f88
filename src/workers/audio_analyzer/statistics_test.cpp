#include "workers/audio_analyzer/statistics.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;

namespace {

constexpr double kRate = 44100;
constexpr Duration kWhole = 5805ms;  // of a thousand hops

std::vector<HopCost> hops(std::size_t count, float latency_ms) {
  std::vector<HopCost> list(count);
  for (std::size_t i = 0; i < count; ++i) {
    list[i].event_ms = latency_ms;
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
  CHECK(report(hops(1000, 5), kWhole, 0, kRate).verdict == "excellent");
  CHECK(report(hops(1000, 20), kWhole, 0, kRate).verdict == "good");
  const auto high = report(hops(1000, 50), kWhole, 0, kRate);
  CHECK(high.verdict == "high");
  CHECK(high.cause.find("large blocks") != std::string::npos);
}

TEST_CASE("lost blocks are told, whatever the latency") {
  const auto r = report(hops(1000, 5), kWhole, 3, kRate);
  CHECK(r.overruns == 3);
  CHECK(r.cause.find("3 blocks were lost") != std::string::npos);
}

TEST_CASE("without sound there is no verdict, and the question that helps") {
  const auto r = report({}, 10s, 0, kRate);
  CHECK(r.verdict.empty());
  CHECK(r.cause.find("no sound came in") != std::string::npos);
}

TEST_CASE("a stage that works every second hop is told by those hops") {
  const auto r = report(hops(1000, 5), 5s, 0, kRate);
  CHECK(r.stages[static_cast<std::size_t>(audio::Stage::kPitch)].median == doctest::Approx(20));
  CHECK(r.stages[0].median == doctest::Approx(5));
  CHECK(r.stages[audio::kStages].median == doctest::Approx(3));
  CHECK(r.frames_per_second == doctest::Approx(200));
}

TEST_CASE("an input that was away for more than a moment is told instead of a verdict") {
  const auto r = report(hops(1000, 5), 10s, 0, kRate);
  CHECK(r.verdict.empty());
  CHECK(r.away == doctest::Approx(4.195).epsilon(0.01));
  CHECK(r.cause == "the input was away for 4.2 of 10.0 s");
  CHECK(report(hops(1000, 5), 6200ms, 0, kRate).verdict == "excellent");
}

TEST_CASE("a frame lasts as long as the sample rate says") {
  auto list = hops(1000, 50);
  for (auto& hop : list) hop.stages[0] = 6'000'000;
  CHECK(report(list, kWhole, 0, kRate).cause.contains("where a frame lasts 5805:"));
  CHECK(report(list, kWhole, 0, 48000).cause.contains("where a frame lasts 5333:"));
  CHECK(report(hops(1000, 5), 6s, 0, 48000).away == doctest::Approx(6 - 1000 * 256 / 48000.0));
  CHECK(report(hops(1000, 5), 6s, 0, kRate).verdict == "excellent");
}

TEST_CASE("the latency is that of what was sent, events and streams alike, and of nothing else") {
  auto list = hops(1000, HopCost::kNothingSent);
  list[10].event_ms = 4;
  list[11].stream_ms = 12;
  const auto r = report(list, kWhole, 0, kRate);
  CHECK(r.latency.least == 4);
  CHECK(r.latency.most == 12);
}
