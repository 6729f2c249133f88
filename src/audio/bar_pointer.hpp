// Where in the bar we are, and how fast it goes: a probability for every position in a bar of four beats at every tempo
// from 58 to 205 BPM, moved on by a hop at a time and weighed with what the beat network hears. Forward only: what was
// said is never taken back. Real-time safe after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "audio/beat_net.hpp"

namespace vj::audio {

struct BarPointerParameters {
  double slowest = 58, fastest = 205;  // BPM
  double step = 1.02;                  // between neighbouring bar lengths
  double usual = 115;                  // BPM: the middle of the tempos expected
  double spread = 0.55;                // octaves: how far from it they stray
  double pull = 1.0;                   // how much the expectation goes on weighing while music plays
  double steadiness = 60;              // a tempo r times as fast follows at a beat with exp(-steadiness |r - 1|)
  float leak = 2e-5F;                  // that all is forgotten, per hop
  float trust_phase = 0.2F;            // how much of the network's belief counts: its hops are not independent
  float trust_place = 0.15F;
};

class BarPointer {
 public:
  using Parameters = BarPointerParameters;

  BarPointer(double hops_per_second, const Parameters& parameters);

  // One hop further. Without a belief (silence) time passes and nothing is learned.
  void process(const BeatNet::Belief* belief) noexcept;
  void reset() noexcept;

  // Somebody who knows says so: tempo and phase now. Until reset() only tempos near that one are considered.
  void believe(double bpm, double beat_phase) noexcept;
  // The same for a tempo twice (2) or half (0.5) the one that is heard: from now on the network's beats count as half
  // or double ones.
  void rescale(double factor) noexcept;

  [[nodiscard]] double bpm() const noexcept { return bpm_; }
  [[nodiscard]] double beat_phase() const noexcept { return beat_phase_; }      // 0-1 since the last beat
  [[nodiscard]] float tempo_mass() const noexcept { return tempo_mass_; }       // probability near that tempo
  [[nodiscard]] float phase_mass() const noexcept { return phase_mass_; }       // of it, near that phase
  [[nodiscard]] float tempo_entropy() const noexcept { return entropy_; }       // 0-1
  [[nodiscard]] std::size_t nearest_beat() const noexcept { return nearest_; }  // 0-3: the beat of the bar nearest now

 private:
  static constexpr std::size_t kBeats = 4;
  static constexpr std::size_t kBins = BeatNet::kPhases * kBeats;
  static constexpr std::size_t kReach = 6;  // lanes that a tempo may change by, either way

  struct Lane {
    std::size_t start;     // in states_ and bins_
    std::size_t length;    // hops in a bar
    std::size_t turn = 0;  // position p is at start + (p + turn) % length: moving on moves nothing
    std::array<std::size_t, kBeats> beats{};
    std::array<float, 2 * kReach + 1> changes{};  // to the lanes from -kReach to +kReach
    float prior = 0, bias = 1;
  };

  using Phases = std::array<float, BeatNet::kPhases>;
  [[nodiscard]] Phases at_our_level(Phases phases) const noexcept;
  void expect(double usual, double spread) noexcept;
  void cross_beats() noexcept;
  void weigh(const std::array<float, kBins>& weight, bool biased) noexcept;
  void read_out() noexcept;

  double rate_;
  Parameters parameters_;
  std::vector<Lane> lanes_;
  std::vector<float> states_;
  std::vector<std::uint8_t> bins_;
  std::vector<float> mass_;                       // of each lane
  std::vector<std::array<float, kBeats>> moved_;  // what crosses into each beat of each lane
  int doublings_ = 0;  // of what the network calls a beat, to have what we call one; below zero: halvings
  double bpm_ = 0, beat_phase_ = 0;
  float tempo_mass_ = 0, phase_mass_ = 0, entropy_ = 1;
  std::size_t nearest_ = 0;
};

}  // namespace vj::audio
