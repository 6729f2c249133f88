// What the analysis costs and how late it is: collected hop by hop, told as percentiles. Values and arithmetic only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "audio/analyzer.hpp"
#include "base/time.hpp"

namespace vj::audio_analyzer {

struct Percentiles {
  double least = 0, median = 0, p95 = 0, p99 = 0, most = 0;

  friend bool operator==(const Percentiles&, const Percentiles&) = default;
};

// All 0 of nothing.
[[nodiscard]] Percentiles percentiles(std::vector<float> values);

// One hop of 256 samples, measured.
struct HopCost {
  audio::StageTimes stages{};  // nanoseconds
  std::uint32_t osc = 0;       // nanoseconds
  // Milliseconds from captured to sent, of what leaves at once and of what moves all the time; kNothingSent: nothing.
  float event_ms = kNothingSent, stream_ms = kNothingSent;

  static constexpr float kNothingSent = -1;
};

struct Report {
  double seconds = 0;
  std::uint64_t frames = 0;  // hops
  double frames_per_second = 0;
  std::uint64_t overruns = 0;
  std::array<Percentiles, audio::kStages + 1> stages;  // microseconds a frame; the last is OSC
  Percentiles total;                                   // microseconds a frame
  Percentiles latency;                                 // milliseconds, of whatever was sent
  double away = 0;                                     // seconds without sound, where they were more than half a second
  std::string verdict;                                 // excellent, good or high; empty without frames or while away
  std::string cause;                                   // why it is high, or why there is no verdict
};

// Stages that work only every second hop are counted in those hops. `sample_rate` in Hz: what should have come.
[[nodiscard]] Report report(const std::vector<HopCost>& hops, Duration measured, std::uint64_t overruns,
                            double sample_rate);

}  // namespace vj::audio_analyzer
