#include "wire/audio_stats_payload.hpp"

namespace vj::wire {

namespace {

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

std::uint64_t count(const Value& value) { return static_cast<std::uint64_t>(value.integer_or(0)); }

void add_report(Value& value, const AudioReport& report) {
  value.set("fps", report.fps);
  value.set("frames", report.frames);
  value.set("seconds", report.seconds);
  value.set("overruns", report.overruns);
  value.set("latency_ms", Value::object({{"min", report.latency.min},
                                         {"median", report.latency.median},
                                         {"p95", report.latency.p95},
                                         {"p99", report.latency.p99},
                                         {"max", report.latency.max}}));
  auto cost = Value::object();
  for (const auto& each : report.stages) {
    cost.set(each.stage, Value::object({{"median", each.median}, {"p99", each.p99}}));
  }
  value.set("cost_us", std::move(cost));
}

}  // namespace

Value to_value(const AudioReport& report) {
  auto value = Value::object();
  add_report(value, report);
  value.set("verdict", report.verdict);
  value.set("cause", report.cause);
  return value;
}

Value to_value(const AudioStats& stats) {
  auto features = Value::object();
  for (std::size_t i = 0; i < kAudioToggles; ++i) features.set(kAudioToggleNames[i], Value(stats.on[i]));
  auto value = Value::object({{"device", text_or_null(stats.device)},
                              {"device_id", text_or_null(stats.device_id)},
                              {"wanted", stats.wanted},
                              {"reason", stats.reason},
                              {"sample_rate", stats.sample_rate},
                              {"features", std::move(features)},
                              {"bpm", stats.bpm},
                              {"bpm_confidence", stats.bpm_confidence},
                              {"silent", stats.silent},
                              {"benchmarking", stats.benchmarking}});
  add_report(value, stats.report);
  return value;
}

AudioReport audio_report_from(const Value& payload) {
  AudioReport report{.seconds = payload["seconds"].number_or(0),
                     .frames = count(payload["frames"]),
                     .fps = payload["fps"].number_or(0),
                     .overruns = count(payload["overruns"]),
                     .latency = {},
                     .stages = {},
                     .verdict = payload["verdict"].string_or(""),
                     .cause = payload["cause"].string_or("")};
  const auto& latency = payload["latency_ms"];
  report.latency = {.min = latency["min"].number_or(0),
                    .median = latency["median"].number_or(0),
                    .p95 = latency["p95"].number_or(0),
                    .p99 = latency["p99"].number_or(0),
                    .max = latency["max"].number_or(0)};
  if (const auto* stages = payload["cost_us"].members()) {
    for (const auto& [name, cost] : *stages) {
      report.stages.push_back({.stage = name, .median = cost["median"].number_or(0), .p99 = cost["p99"].number_or(0)});
    }
  }
  return report;
}

AudioStats audio_stats_from(const Value& payload) {
  AudioStats stats{.device = payload["device"].string_or(""),
                   .device_id = payload["device_id"].string_or(""),
                   .wanted = payload["wanted"].string_or(""),
                   .reason = payload["reason"].string_or(""),
                   .sample_rate = static_cast<int>(payload["sample_rate"].integer_or(0)),
                   .on = {},
                   .bpm = payload["bpm"].number_or(0),
                   .bpm_confidence = payload["bpm_confidence"].number_or(0),
                   .silent = payload["silent"].boolean_or(false),
                   .benchmarking = payload["benchmarking"].boolean_or(false),
                   .report = audio_report_from(payload)};
  for (std::size_t i = 0; i < kAudioToggles; ++i) {
    stats.on[i] = payload["features"][kAudioToggleNames[i]].boolean_or(false);
  }
  return stats;
}

}  // namespace vj::wire
