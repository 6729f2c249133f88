// A report of statistics as the bus tells it.
#pragma once

#include "wire/audio_stats_payload.hpp"
#include "workers/audio_analyzer/statistics.hpp"

namespace vj::audio_analyzer {

[[nodiscard]] wire::AudioReport wire_report(const Report& report);

}  // namespace vj::audio_analyzer
