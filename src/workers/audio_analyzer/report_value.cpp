#include "workers/audio_analyzer/report_value.hpp"

namespace vj::audio_analyzer {

using wire::Value;

void add_report(Value& value, const Report& report) {
  value.set("fps", report.frames_per_second);
  value.set("frames", report.frames);
  value.set("seconds", report.seconds);
  value.set("overruns", report.overruns);
  value.set("latency_ms", Value::object({{"min", report.latency.least},
                                         {"median", report.latency.median},
                                         {"p95", report.latency.p95},
                                         {"p99", report.latency.p99},
                                         {"max", report.latency.most}}));
  auto cost = Value::object();
  for (std::size_t i = 0; i < report.stages.size(); ++i) {
    const auto name = i < audio::kStages ? audio::kStageNames[i] : "osc";
    cost.set(name, Value::object({{"median", report.stages[i].median}, {"p99", report.stages[i].p99}}));
  }
  cost.set("total", Value::object({{"median", report.total.median}, {"p99", report.total.p99}}));
  value.set("cost_us", std::move(cost));
}

}  // namespace vj::audio_analyzer
