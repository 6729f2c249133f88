// A report of statistics as a payload.
#pragma once

#include "wire/value.hpp"
#include "workers/audio_analyzer/statistics.hpp"

namespace vj::audio_analyzer {

// fps, frames, seconds, overruns, latency_ms{min median p95 p99 max}, cost_us{stage: {median p99}}
void add_report(wire::Value& value, const Report& report);

}  // namespace vj::audio_analyzer
