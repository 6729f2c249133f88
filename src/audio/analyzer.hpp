// The whole chain: 256 samples in, what they mean out. The same code hears a live input and a file, and the same
// samples give the same features. Making an analyzer allocates; process() does not, nor does it lock, throw or log.
// Belongs to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "audio/bar_pointer.hpp"
#include "audio/beat_patterns.hpp"
#include "audio/features.hpp"

namespace vj::audio {

enum class Stage : std::uint8_t { kFft, kBandLevels, kOnset, kBeat, kPitch, kStructure, kDescriptors };
inline constexpr std::size_t kStages = 7;
inline constexpr std::array<std::string_view, kStages> kStageNames{"fft",   "bands",     "onset",      "beat",
                                                                   "pitch", "structure", "descriptors"};
using StageTimes = std::array<std::uint32_t, kStages>;  // nanoseconds

// Reads a clock, in nanoseconds; for measuring what the stages cost.
using StageClock = std::uint64_t (*)() noexcept;

struct AnalyzerSettings {
  double sample_rate = 44100;     // 44100 or 48000
  double release_seconds = 0.15;  // of levels and spectrum
  FeatureSet features{};
};

class Analyzer {
 public:
  explicit Analyzer(const AnalyzerSettings& settings);
  ~Analyzer();
  Analyzer(Analyzer&&) noexcept;

  // The next samples. What is not a number counts as silence, what is far beyond full scale as 4. Spectrum,
  // beat, pitch, structure, descriptors and levels below 250 Hz move every second time, together.
  const Features& process(std::span<const float, kHop> samples) noexcept;
  [[nodiscard]] const Features& features() const noexcept;
  // Whether the last process() was such a second time.
  [[nodiscard]] bool all_moved() const noexcept;

  // As if nothing had been heard, but that beats and drops are counted on: who watches the counters sees no step back.
  void reset() noexcept;

  // In force with the next hop. A part that is turned on begins anew, its counter apart; the others do not
  // notice.
  void set_features(const FeatureSet& features) noexcept;
  [[nodiscard]] const FeatureSet& feature_set() const noexcept;

  void tap(double seconds_ago) noexcept;     // the beat is here
  void scale_tempo(double factor) noexcept;  // 2 or 0.5

  // With a clock, last_times() holds what each stage of the last process() took; without (nullptr), nothing is
  // measured.
  void measure_with(StageClock clock) noexcept;
  [[nodiscard]] const StageTimes& last_times() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vj::audio
