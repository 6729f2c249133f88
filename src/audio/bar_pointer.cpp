#include "audio/bar_pointer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace vj::audio {

namespace {

constexpr double kFurthestChange = 0.12;  // of the tempo, at one beat
constexpr double kBelievedWithin = 0.15;  // of a tempo that somebody gave
constexpr std::size_t kSmear = 2;         // lanes either side that count as the same tempo when looking for the best
constexpr std::size_t kWindow = 3;        // and when averaging around it
constexpr std::size_t kCells = 96;        // of the beat, when looking for the phase

// sum of the weighed states, and each weighed: states[i] = (states[i] + leak) * weight[bins[i]]
float weigh_run(std::span<float> states, const std::uint8_t* bins, const float* weight, float leak) {
  std::array<float, 8> sums{};
  std::size_t i = 0;
  for (; i + 8 <= states.size(); i += 8) {
    for (std::size_t j = 0; j < 8; ++j) {
      const float state = (states[i + j] + leak) * weight[bins[i + j]];
      states[i + j] = state;
      sums[j] += state;
    }
  }
  for (; i < states.size(); ++i) {
    states[i] = (states[i] + leak) * weight[bins[i]];
    sums[0] += states[i];
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

double wrapped(double phase) { return phase - std::floor(phase); }

}  // namespace

BarPointer::BarPointer(double hops_per_second, const Parameters& parameters)
    : rate_(hops_per_second), parameters_(parameters) {
  const double shortest = 60 * kBeats * rate_ / parameters_.fastest;
  const double longest = 60 * kBeats * rate_ / parameters_.slowest;
  std::size_t start = 0;
  for (double length = shortest; length < longest; length = std::max(length * parameters_.step, length + 1)) {
    Lane lane{.start = start, .length = static_cast<std::size_t>(std::lround(length))};
    for (std::size_t beat = 0; beat < kBeats; ++beat) lane.beats[beat] = (beat * lane.length + kBeats - 1) / kBeats;
    for (std::size_t p = 0; p < lane.length; ++p) bins_.push_back(static_cast<std::uint8_t>(p * kBins / lane.length));
    start += lane.length;
    lanes_.push_back(lane);
  }
  states_.resize(start);
  mass_.resize(lanes_.size());
  moved_.resize(lanes_.size());
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    double sum = 0;
    std::array<double, 2 * kReach + 1> chance{};
    for (std::size_t d = 0; d < chance.size(); ++d) {
      if (i + d < kReach || i + d - kReach >= lanes_.size()) continue;
      const double ratio = static_cast<double>(lanes_[i + d - kReach].length) / static_cast<double>(lanes_[i].length);
      if (std::abs(ratio - 1) > kFurthestChange) continue;
      sum += chance[d] = std::exp(-parameters_.steadiness * std::abs(ratio - 1));
    }
    for (std::size_t d = 0; d < chance.size(); ++d) lanes_[i].changes[d] = static_cast<float>(chance[d] / sum);
  }
  reset();
}

void BarPointer::expect(double usual, double spread) noexcept {
  double sum = 0;
  for (auto& lane : lanes_) {
    const double bpm = 60 * kBeats * rate_ / static_cast<double>(lane.length);
    const double away = std::log2(bpm / usual) / spread;
    const double prior = std::exp(-0.5 * away * away);
    lane.prior = static_cast<float>(prior);
    lane.bias = static_cast<float>(std::exp(-0.5 * away * away * parameters_.pull / rate_));
    sum += prior;
  }
  for (auto& lane : lanes_) lane.prior = static_cast<float>(lane.prior / sum);
}

void BarPointer::reset() noexcept {
  doublings_ = 0;
  expect(parameters_.usual, parameters_.spread);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& lane = lanes_[i];
    lane.turn = 0;
    mass_[i] = lane.prior;
    std::fill_n(states_.begin() + static_cast<std::ptrdiff_t>(lane.start), lane.length,
                lane.prior / static_cast<float>(lane.length));
  }
  read_out();
}

void BarPointer::believe(double bpm, double beat_phase) noexcept {
  bpm = std::clamp(bpm, parameters_.slowest, parameters_.fastest);
  expect(bpm, parameters_.spread);
  // No other tempo is considered: the network would soon talk the pointer out of it.
  for (auto& lane : lanes_) {
    const double lane_bpm = 60 * kBeats * rate_ / static_cast<double>(lane.length);
    if (std::abs(lane_bpm / bpm - 1) > kBelievedWithin) lane.prior = lane.bias = 0;
  }
  float total = 0;
  for (const auto& lane : lanes_) {
    const double lane_bpm = 60 * kBeats * rate_ / static_cast<double>(lane.length);
    const double off = std::log(lane_bpm / bpm) / 0.02;
    for (std::size_t p = 0; p < lane.length; ++p) {
      const double beats = static_cast<double>(kBeats * p) / static_cast<double>(lane.length);
      double away = wrapped(beats - beat_phase);
      away = std::min(away, 1 - away) / 0.05;
      auto& state = states_[lane.start + (p + lane.turn) % lane.length];
      state = static_cast<float>(std::exp(-0.5 * (off * off + away * away))) + 1e-9F;
      total += state;
    }
  }
  for (auto& state : states_) state /= total;
  std::array<float, kBins> even;
  even.fill(1);
  weigh(even, false);
  read_out();
}

void BarPointer::rescale(double factor) noexcept {
  doublings_ += factor > 1 ? 1 : -1;
  believe(bpm_ * factor, wrapped(beat_phase_ * factor));
}

BarPointer::Phases BarPointer::at_our_level(Phases phases) const noexcept {
  constexpr std::size_t kHalf = BeatNet::kPhases / 2;
  for (int i = 0; i < std::abs(doublings_); ++i) {
    const Phases heard = phases;
    for (std::size_t b = 0; b < phases.size(); ++b) {
      if (doublings_ > 0) {
        // Either of the two beats that make one of the network's.
        phases[b] = std::log(0.5F * (std::exp(heard[b / 2]) + std::exp(heard[b / 2 + kHalf])));
      } else {
        phases[b] = heard[2 * b % BeatNet::kPhases];
      }
    }
  }
  return phases;
}

void BarPointer::cross_beats() noexcept {
  for (auto& beats : moved_) beats.fill(0);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& lane = lanes_[i];
    lane.turn = (lane.turn + lane.length - 1) % lane.length;
    for (std::size_t beat = 0; beat < kBeats; ++beat) {
      float& state = states_[lane.start + (lane.beats[beat] + lane.turn) % lane.length];
      const float leaving = state;
      state = 0;
      if (leaving < 1e-12F) continue;
      const std::size_t from = i < kReach ? kReach - i : 0;
      const std::size_t to = std::min(2 * kReach + 1, lanes_.size() + kReach - i);
      for (std::size_t d = from; d < to; ++d) moved_[i + d - kReach][beat] += leaving * lane.changes[d];
    }
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const auto& lane = lanes_[i];
    for (std::size_t beat = 0; beat < kBeats; ++beat) {
      states_[lane.start + (lane.beats[beat] + lane.turn) % lane.length] += moved_[i][beat];
    }
  }
}

void BarPointer::weigh(const std::array<float, kBins>& weight, bool biased) noexcept {
  float total = 0;
  std::array<float, kBins> lane_weight;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const auto& lane = lanes_[i];
    const float bias = biased ? lane.bias : 1.0F;
    for (std::size_t b = 0; b < kBins; ++b) lane_weight[b] = weight[b] * bias;
    const float leak = parameters_.leak * lane.prior / static_cast<float>(lane.length);
    float* const states = states_.data() + lane.start;
    const std::uint8_t* const bins = bins_.data() + lane.start;
    const std::size_t before_wrap = lane.length - lane.turn;
    mass_[i] = weigh_run({states + lane.turn, before_wrap}, bins, lane_weight.data(), leak) +
               weigh_run({states, lane.turn}, bins + before_wrap, lane_weight.data(), leak);
    total += mass_[i];
  }
  const float scale = 1 / total;
  for (auto& state : states_) state *= scale;
  for (auto& mass : mass_) mass *= scale;
}

void BarPointer::process(const BeatNet::Belief* belief) noexcept {
  cross_beats();
  std::array<float, kBins> weight;
  weight.fill(1);
  if (belief != nullptr) {
    const auto phases = at_our_level(belief->phase);
    for (std::size_t b = 0; b < kBins; ++b) {
      weight[b] = std::exp(parameters_.trust_phase * phases[b % BeatNet::kPhases] +
                           parameters_.trust_place * belief->place[b / BeatNet::kPhases]);
    }
  }
  weigh(weight, belief != nullptr);
  read_out();
}

void BarPointer::read_out() noexcept {
  const std::size_t last = lanes_.size() - 1;
  std::size_t best = 0;
  float most = -1, entropy = 0;
  for (std::size_t i = 0; i <= last; ++i) {
    float sum = 0;
    for (std::size_t j = i < kSmear ? 0 : i - kSmear; j <= std::min(last, i + kSmear); ++j) sum += mass_[j];
    if (sum > most) most = sum, best = i;
    if (mass_[i] > 1e-9F) entropy -= mass_[i] * std::log(mass_[i]);
  }
  entropy_ = entropy / std::log(static_cast<float>(lanes_.size()));

  const std::size_t from = best < kWindow ? 0 : best - kWindow, to = std::min(last, best + kWindow);
  double length = 0, mass = 0;
  std::array<float, kCells> cells{};
  std::array<float, kBeats> nearest{};
  for (std::size_t i = from; i <= to; ++i) {
    const auto& lane = lanes_[i];
    length += static_cast<double>(mass_[i]) * static_cast<double>(lane.length);
    mass += static_cast<double>(mass_[i]);
    // A position is a beat and a cell of it; counted up, because a division for each would cost more than all else.
    const float per_position = static_cast<float>(kBeats * kCells) / static_cast<float>(lane.length);
    std::size_t at = lane.turn;
    for (std::size_t p = 0; p < lane.length; ++p) {
      const float state = states_[lane.start + at];
      if (++at == lane.length) at = 0;
      if (state < 1e-7F) continue;
      const auto cell = static_cast<std::size_t>(static_cast<float>(p) * per_position);
      cells[cell % kCells] += state;
      nearest[(cell + kCells / 2) / kCells % kBeats] += state;
    }
  }
  bpm_ = 60 * kBeats * rate_ * mass / length;
  tempo_mass_ = static_cast<float>(std::min(1.0, mass));
  nearest_ = static_cast<std::size_t>(std::max_element(nearest.begin(), nearest.end()) - nearest.begin());

  std::size_t peak = 0;
  float highest = -1;
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    float sum = 0;
    for (std::size_t d = 0; d < 7; ++d) sum += cells[(cell + d + kCells - 3) % kCells];
    if (sum > highest) highest = sum, peak = cell;
  }
  phase_mass_ = mass > 0 ? highest / static_cast<float>(mass) : 0;
  double x = 0, y = 0;
  for (std::size_t d = 0; d < 11; ++d) {
    const std::size_t cell = (peak + d + kCells - 5) % kCells;
    const double angle = 2 * std::numbers::pi * (static_cast<double>(cell) + 0.5) / kCells;
    x += static_cast<double>(cells[cell]) * std::cos(angle);
    y += static_cast<double>(cells[cell]) * std::sin(angle);
  }
  beat_phase_ = wrapped(std::atan2(y, x) / (2 * std::numbers::pi));
}

}  // namespace vj::audio
