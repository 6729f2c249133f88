#include "wire/audio_stats_payload.hpp"

#include <doctest/doctest.h>

#include "wire/json.hpp"

using namespace vj::wire;

namespace {

AudioReport measured() {
  return {.seconds = 10,
          .frames = 1723,
          .fps = 172.3,
          .overruns = 2,
          .latency = {.min = 1, .median = 2, .p95 = 3, .p99 = 4, .max = 5},
          .stages = {{.stage = "fft", .median = 4, .p99 = 9}, {.stage = "total", .median = 60, .p99 = 120}},
          .verdict = "excellent",
          .cause = "none"};
}

Value sent(const Value& value) { return parse_json(to_json(value)).value(); }

}  // namespace

TEST_CASE("a benchmark comes out as it went in") { CHECK(audio_report_from(sent(to_value(measured()))) == measured()); }

TEST_CASE("statistics come out as they went in") {
  AudioStats stats{.device = "Monitor of Built-in",
                   .device_id = "built-in.monitor",
                   .wanted = "auto",
                   .reason = "",
                   .sample_rate = 44100,
                   .on = {true, true, false, true, false, true},
                   .bpm = 128,
                   .bpm_confidence = 0.95,
                   .silent = false,
                   .benchmarking = true,
                   .report = measured()};
  stats.report.verdict = stats.report.cause = "";
  const auto value = sent(to_value(stats));
  CHECK(audio_stats_from(value) == stats);
  CHECK(value["features"]["beat"] == Value(false));
}

TEST_CASE("no device is null on the bus, and what is missing is nothing") {
  CHECK(sent(to_value(AudioStats{}))["device"].is_null());
  CHECK(audio_stats_from(Value()) == AudioStats{});
}
