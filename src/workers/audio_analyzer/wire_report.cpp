#include "workers/audio_analyzer/wire_report.hpp"

namespace vj::audio_analyzer {

wire::AudioReport wire_report(const Report& report) {
  wire::AudioReport wired{.seconds = report.seconds,
                          .frames = report.frames,
                          .fps = report.frames_per_second,
                          .overruns = report.overruns,
                          .latency = {.min = report.latency.least,
                                      .median = report.latency.median,
                                      .p95 = report.latency.p95,
                                      .p99 = report.latency.p99,
                                      .max = report.latency.most},
                          .stages = {},
                          .verdict = report.verdict,
                          .cause = report.cause};
  for (std::size_t i = 0; i < report.stages.size(); ++i) {
    const auto name = i < audio::kStages ? audio::kStageNames[i] : std::string_view("osc");
    wired.stages.push_back(
        {.stage = std::string(name), .median = report.stages[i].median, .p99 = report.stages[i].p99});
  }
  wired.stages.push_back({.stage = "total", .median = report.total.median, .p99 = report.total.p99});
  return wired;
}

}  // namespace vj::audio_analyzer
