// Beats, tempo and how sure of them: moves the bar pointer, and decides when a beat is due. Each beat is said once, at
// the end of the hop nearest to it. Real-time safe after construction.
#pragma once

#include <array>
#include <cstdint>

#include "audio/bar_pointer.hpp"
#include "audio/beat_patterns.hpp"
#include "audio/features.hpp"
#include "audio/tempo_line.hpp"

namespace vj::audio {

class BeatTracker {
 public:
  BeatTracker(double sample_rate, BeatPatterns patterns, BeatLevels levels);

  // One hop of 512 samples. `heard` says that an onset fell in it; `silent` that nothing did.
  const Beat& process(const BeatInput::Features& features, bool heard, bool silent) noexcept;
  [[nodiscard]] const Beat& state() const noexcept { return state_; }
  // What confidence is made of, the logistic of a weighted sum; for calibrating it.
  using Evidence = std::array<float, 6>;
  [[nodiscard]] const Evidence& evidence() const noexcept { return evidence_; }
  [[nodiscard]] const BarPointer& pointer() const noexcept { return pointer_; }  // the same, for what is counted
  void reset() noexcept;

  // Somebody taps the beat, `ago` seconds before the end of the last hop. From the second tap on it is believed, until
  // two seconds of silence: the tempo of all taps that lie on one line, or the one that is followed if it is near that.
  void tap(double ago) noexcept;
  // The same beat counted twice (2) or half as fast (0.5).
  void scale(double factor) noexcept;

 private:
  static constexpr int kEver = 1 << 20;  // hops: longer than any pause

  [[nodiscard]] bool is_due(double phase, double hops_per_beat) const noexcept;
  void emit(double offset, double hops_per_beat) noexcept;
  void follow_confidence(bool unheard, bool quiet) noexcept;
  void let_go() noexcept;

  double hop_seconds_;
  BarPointer pointer_;
  TempoLine line_;
  Beat state_;
  std::uint64_t hops_ = 0;
  std::uint64_t last_beat_ = 0;
  int silent_hops_ = 0;  // that were heard, just now
  int doublings_ = 0;    // of the patterns' beat, in the hop before
  bool fresh_ = true;    // nothing was heard yet of what comes
  int hops_since_onset_ = kEver;
  int unheard_beats_ = 0;
  bool heard_since_beat_ = false;
  bool following_ = false;
  bool knew_ = false;     // it was followed when something was heard last
  bool resumes_ = false;  // and its tempo is not forgotten
  bool told_ = false;     // by a tap or a factor: followed whatever the confidence
  float agreement_ = 0, steadiness_ = 0;
  Evidence evidence_{};
  TempoLine taps_;
  double tapped_to_ = 0;  // BPM that was followed when the taps began; 0: none
  double last_tap_ = -1e9;
};

}  // namespace vj::audio
