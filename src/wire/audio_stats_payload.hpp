// `audio.stats`, each second, and `audio.benchmark`, on request: which input the analyzer listens to, what it does with
// it, what that costs and how late it is.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/value.hpp"

namespace vj::wire {

enum class AudioToggle : std::uint8_t { kEssentia, kPitch, kBeat, kStructure, kSpectrum, kLogging };
inline constexpr std::size_t kAudioToggles = 6;
inline constexpr std::array<std::string_view, kAudioToggles> kAudioToggleNames{"essentia",  "pitch",    "beat",
                                                                               "structure", "spectrum", "logging"};

struct StageCost {
  std::string stage;
  double median = 0, p99 = 0;  // microseconds a frame of 256 samples

  friend bool operator==(const StageCost&, const StageCost&) = default;
};

struct LatencyMilliseconds {  // from captured to sent
  double min = 0, median = 0, p95 = 0, p99 = 0, max = 0;

  friend bool operator==(const LatencyMilliseconds&, const LatencyMilliseconds&) = default;
};

struct AudioReport {
  double seconds = 0;
  std::uint64_t frames = 0;
  double fps = 0;
  std::uint64_t overruns = 0;
  LatencyMilliseconds latency;
  std::vector<StageCost> stages;  // in the order of the chain, OSC and the total last
  std::string verdict;            // excellent, good or high; empty: nothing to judge, or nobody asked
  std::string cause;              // why it is high, or why there is no verdict

  friend bool operator==(const AudioReport&, const AudioReport&) = default;
};

struct AudioStats {
  std::string device, device_id;         // empty: there is none
  std::string wanted;                    // "auto", an id, a name or "file:PATH"
  std::string reason;                    // why there is none, and how to mend it
  int sample_rate = 0;                   // Hz
  std::array<bool, kAudioToggles> on{};  // by AudioToggle
  double bpm = 0, bpm_confidence = 0;    // 0 while no beat is followed
  bool silent = false;                   // there is an input, and nothing to hear
  bool benchmarking = false;             // and audio.benchmark will come
  AudioReport report;                    // of the last second; overruns since the start

  friend bool operator==(const AudioStats&, const AudioStats&) = default;
};

[[nodiscard]] Value to_value(const AudioReport& report);
[[nodiscard]] Value to_value(const AudioStats& stats);

// What is missing or of a wrong type costs that field only.
[[nodiscard]] AudioReport audio_report_from(const Value& payload);
[[nodiscard]] AudioStats audio_stats_from(const Value& payload);

}  // namespace vj::wire
