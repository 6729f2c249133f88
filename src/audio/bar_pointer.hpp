// Where in the bar we are, how fast it goes and in which pattern: a probability for every position in a bar of four
// beats at every tempo of every pattern, moved on by a hop at a time and weighed with what is heard (the bar pointer
// model of Whiteley, Cemgil and Godsill, 2006, with tempo changes at beats only as in Krebs, Böck and Widmer, 2015).
// Forward only: what was said is never taken back. Real-time safe after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "audio/beat_input.hpp"
#include "audio/beat_patterns.hpp"
#include "audio/metrical_level.hpp"

namespace vj::audio {

class BarPointer {
 public:
  BarPointer(double hops_per_second, BeatPatterns patterns, BeatLevels levels);

  // One hop further. Without what was heard time passes, and nothing is learned.
  void process(const BeatInput::Features* heard) noexcept;
  void reset() noexcept;
  // The same, but for the tempo that is heard now: what comes next has it as likely as not.
  void forget_all_but_tempo() noexcept;

  // Somebody who knows says so: tempo and phase now. Until reset() only tempos near that one are considered.
  void believe(double bpm, double beat_phase) noexcept;
  // Music began in the last hop, after a silence: most music begins on a beat, and with a bar. Costs as some hops do.
  void begin() noexcept;
  // The same music counted twice (2) or half (0.5) as fast: from now on the beats of the patterns count as double or
  // half ones, and only tempos near the one heard now are considered.
  void rescale(double factor) noexcept;

  // What is said is what is to be counted: the beat of the patterns, or half or double of it.
  [[nodiscard]] double bpm() const noexcept { return bpm_; }
  [[nodiscard]] double beat_phase() const noexcept { return beat_phase_; }  // 0-1 since the last beat
  [[nodiscard]] float tempo_mass() const noexcept { return tempo_mass_; }   // probability near that tempo
  [[nodiscard]] float phase_mass() const noexcept { return phase_mass_; }   // of it, near that phase
  [[nodiscard]] float tempo_entropy() const noexcept { return entropy_; }   // 0-1
  [[nodiscard]] float evidence() const noexcept { return evidence_; }       // log-likelihood ratio of this hop
  [[nodiscard]] int doublings() const noexcept { return doublings_; }       // of the patterns' beat
  [[nodiscard]] const MetricalLevel& level() const noexcept { return level_; }
  [[nodiscard]] std::size_t nearest_beat() const noexcept { return nearest_; }  // 0-3: the beat of the bar nearest now

 private:
  static constexpr std::size_t kBeats = 4;
  static constexpr std::size_t kBins = BeatPatterns::kBins;
  static constexpr std::size_t kReach = 6;   // lanes that a tempo may change by, either way
  static constexpr std::size_t kNap = 8;     // hops that a lane without weight may go unweighed
  static constexpr std::size_t kCells = 96;  // of the beat, when looking for the phase

  // One tempo of one pattern.
  struct Lane {
    std::size_t start;   // in states_ and bins_
    std::size_t length;  // hops in a bar
    std::size_t pattern;
    std::size_t turn = 0;  // position p is at start + (p + turn) % length: moving on moves nothing
    std::array<std::size_t, kBeats> beats{};
    float prior = 0;
    float bias = 1;          // what is left of it after a hop: less than 1 if it is not considered
    float scale = 1;         // its states times this are probabilities
    std::size_t asleep = 0;  // hops that it has not been weighed
  };

  void add_lanes(std::size_t pattern);
  void add_beginning(const Lane& lane);
  [[nodiscard]] double expected(const Lane& lane) const noexcept;  // logarithm of how usual its tempo is
  void expect() noexcept;
  void stay_near(double bpm) noexcept;
  void forget_states() noexcept;
  void spread_evenly() noexcept;
  void listen(const BeatInput::Features& heard) noexcept;
  void cross_beats() noexcept;
  void weigh(bool biased) noexcept;
  void gather_weights() noexcept;
  void wake_all() noexcept;
  void read_out() noexcept;
  void read_phase(double length) noexcept;
  void follow_level(bool heard) noexcept;
  void count_at_our_level() noexcept;
  [[nodiscard]] double bpm_of(const Lane& lane) const noexcept;

  double rate_;
  BeatPatterns patterns_;
  std::vector<Lane> lanes_;  // by pattern, then from the fastest to the slowest
  std::vector<float> states_;
  std::vector<std::uint8_t> bins_;                // of each state
  std::vector<float> heard_;                      // in this hop: log-likelihood ratio of each bin of each pattern
  std::vector<float> begins_;                     // of each state of a pattern: how likely music begins there
  std::array<std::vector<float>, kNap> weight_;   // of each bin of each pattern, in this hop and in those before
  std::array<std::vector<float>, kNap> weights_;  // the same of this hop, of this and the last, and so on, together
  std::vector<float> mass_;                       // of each lane
  // A tempo changes where a beat is crossed. By lane, so that all lanes are done at once: how much of what leaves a
  // lane goes to that d - kReach lanes away, what leaves, and what arrives at d = kReach + the lane.
  std::array<std::vector<float>, 2 * kReach + 1> changes_;
  std::vector<float> leaving_, arriving_;
  std::size_t now_ = 0;  // in weight_
  MetricalLevel level_;
  bool level_is_told_ = false;  // by a person, and not looked for
  int doublings_ = 0;           // of what the patterns call a beat, to have what we call one; below zero: halvings
  double heard_bpm_ = 0, heard_phase_ = 0;  // as the patterns count
  double heard_beats_ = 0;                  // whole ones gone by
  double heard_even_ = 0;                   // log-odds that the even ones are the first and third of a bar
  double bpm_ = 0, beat_phase_ = 0;
  float tempo_mass_ = 0, phase_mass_ = 0, entropy_ = 1, evidence_ = 0;
  std::size_t nearest_ = 0;
};

}  // namespace vj::audio
