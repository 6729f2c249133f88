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
  float latency_ms = 0;        // from captured to sent
};

struct Report {
  double seconds = 0;
  std::uint64_t frames = 0;  // hops
  double frames_per_second = 0;
  std::uint64_t overruns = 0;
  std::array<Percentiles, audio::kStages + 1> stages;  // microseconds a frame; the last is OSC
  Percentiles total;                                   // microseconds a frame
  Percentiles latency;                                 // milliseconds
  std::string verdict;                                 // excellent, good or high; empty without frames
  std::string cause;                                   // why it is high, or why there is no verdict
};

// Stages that work only every second hop are counted in those hops.
[[nodiscard]] Report report(const std::vector<HopCost>& hops, Duration measured, std::uint64_t overruns);

}  // namespace vj::audio_analyzer
