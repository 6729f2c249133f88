// Whether what is taken for the beat is rather twice, or half, as fast as the beat. The bar pointer decides within a
// few beats, and with a pull towards usual tempos. This looks again at the last seconds: how much better the beat
// explains them than half and double of it, the off-beat, thirds and quarters would. What follows from that and from
// the tempo is a logistic regression over music that nothing was learned from (BeatLevels). Real-time safe after
// construction.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "audio/beat_patterns.hpp"

namespace vj::audio {

class MetricalLevel {
 public:
  MetricalLevel(double hops_per_second, std::size_t patterns, BeatLevels weights);

  struct Counted {
    double beats, bpm;  // as the patterns count: whole ones gone by and the phase, at that tempo
    double even;        // how likely every second of them begins half a bar, the even ones against the odd (log-odds)
  };
  // One hop further. `heard` says of each place of a bar how likely it is (log-likelihood ratio, at
  // pattern * BeatPatterns::kBins + bin); it is empty where nothing is told.
  void process(const Counted& counted, std::span<const float> heard) noexcept;
  // Nothing is known any more.
  void reset() noexcept;
  // Nothing is known of what was heard; the same tempo is still counted as before.
  void restart() noexcept;

  // What is to be counted: the patterns' beat (0), or twice (1) or half (-1) as many.
  [[nodiscard]] int doublings() const noexcept { return doublings_; }
  // What is to be added to beats that are counted so, for the first of a bar to be a multiple of four.
  [[nodiscard]] double offset() const noexcept { return offset_; }
  // How likely the level that is counted is wrong (log-odds).
  [[nodiscard]] float doubt() const noexcept { return doubt_; }

  // What BeatLevels weighs: how much better (log-likelihood ratio a second) the beat is than chance, and than its best
  // rival of each kind; how usual the tempo is; 1.
  enum Evidence : std::size_t { kChance, kOffBeat, kTwice, kHalf, kThirds, kQuarters, kTempo, kTempoSquared, kAlways };
  [[nodiscard]] const std::array<float, BeatLevels::kEvidence>& evidence() const noexcept { return evidence_; }
  [[nodiscard]] double seconds() const noexcept { return hops_ / rate_; }  // that it was gathered in

 private:
  struct Rival {
    double tempo, phase;  // of the beat: what to multiply by, and what to add then
    Evidence kind;
  };
  static const std::array<Rival, 18> kRivals;

  void listen(std::span<const float> heard) noexcept;
  void look() noexcept;
  void choose(std::span<const float> best, std::span<const std::size_t> shift) noexcept;

  double rate_;
  std::size_t patterns_;
  BeatLevels weights_;
  std::vector<float> scores_;  // at (rival * kShifts + shift) * patterns_ + pattern: log-likelihood ratio a second
  double hops_ = 0;            // that they were gathered in
  int until_look_ = 0;         // hops
  Counted counted_{};
  double tempo_ = 0;  // BPM, the mean of some seconds
  std::array<float, BeatLevels::kEvidence> evidence_{};
  float doubt_ = 0;
  int doublings_ = 0;
  double offset_ = 0;
};

}  // namespace vj::audio
