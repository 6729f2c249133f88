#include "audio/bar_pointer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

#include "base/assert.hpp"

namespace vj::audio {

namespace {

constexpr double kFurthestChange = 0.12;  // of the tempo, at one beat
constexpr double kBelievedWithin = 0.15;  // of a tempo that somebody gave
constexpr std::size_t kSmear = 2;         // lanes either side that count as the same tempo when looking for the best
constexpr std::size_t kWindow = 3;        // and when averaging around it
constexpr double kSameTempo = 0.065;      // lanes of any pattern this near have a say in the phase
constexpr int kFurthestLevel = 2;         // doublings or halvings of the tempo on demand
constexpr float kLittle = 5e-5F;          // of the probability: a lane that holds no more may nap
constexpr float kExcluded = 1e-3F;        // what is left of an unbelieved tempo after a hop; not 0: it is divided by
constexpr float kNothing = 1e-7F;         // of the probability

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

BarPointer::BarPointer(double hops_per_second, BeatPatterns patterns, const Parameters& parameters)
    : rate_(hops_per_second), parameters_(parameters), patterns_(std::move(patterns)) {
  VJ_ASSERT(patterns_.ratios.size() == BeatInput::kGroups * BeatInput::kLevels * patterns_.row());
  for (std::size_t pattern = 0; pattern < patterns_.patterns.size(); ++pattern) add_lanes(pattern);
  for (auto& ratio : patterns_.ratios) ratio = std::exp(parameters_.trust * ratio);  // from here on they are multiplied
  states_.resize(bins_.size());
  for (auto& weight : weight_) weight.resize(patterns_.row());
  for (auto& weights : weights_) weights.resize(patterns_.row());
  mass_.resize(lanes_.size());
  moved_.resize(lanes_.size());
  reset();
}

void BarPointer::add_lanes(std::size_t pattern) {
  const auto& range = patterns_.patterns[pattern];
  const std::size_t first = lanes_.size();
  const double shortest = 60 * kBeats * rate_ / range.fastest;
  const double longest = 60 * kBeats * rate_ / range.slowest;
  for (double length = shortest; length < longest; length = std::max(length * parameters_.step, length + 1)) {
    Lane lane{.start = bins_.size(), .length = static_cast<std::size_t>(std::lround(length)), .pattern = pattern};
    for (std::size_t beat = 0; beat < kBeats; ++beat) lane.beats[beat] = (beat * lane.length + kBeats - 1) / kBeats;
    for (std::size_t p = 0; p < lane.length; ++p) bins_.push_back(static_cast<std::uint8_t>(p * kBins / lane.length));
    lanes_.push_back(lane);
  }
  for (std::size_t i = first; i < lanes_.size(); ++i) {
    double sum = 0;
    std::array<double, 2 * kReach + 1> chance{};
    for (std::size_t d = 0; d < chance.size(); ++d) {
      if (i + d < first + kReach || i + d >= lanes_.size() + kReach) continue;
      const double ratio = static_cast<double>(lanes_[i + d - kReach].length) / static_cast<double>(lanes_[i].length);
      if (std::abs(ratio - 1) > kFurthestChange) continue;
      sum += chance[d] = std::exp(-parameters_.steadiness * std::abs(ratio - 1));
    }
    for (std::size_t d = 0; d < chance.size(); ++d) lanes_[i].changes[d] = static_cast<float>(chance[d] / sum);
  }
}

double BarPointer::bpm_of(const Lane& lane) const noexcept {
  return 60 * kBeats * rate_ / static_cast<double>(lane.length);
}

void BarPointer::expect(double usual, double spread) noexcept {
  double sum = 0;
  for (auto& lane : lanes_) {
    const double away = std::log2(bpm_of(lane) / usual) / spread;
    const double prior = std::exp(-0.5 * away * away);
    lane.prior = static_cast<float>(prior);
    lane.bias = static_cast<float>(std::exp(-0.5 * away * away * parameters_.pull / rate_));
    sum += prior;
  }
  for (auto& lane : lanes_) lane.prior = static_cast<float>(lane.prior / sum);
}

void BarPointer::reset() noexcept {
  doublings_ = 0;
  wake_all();
  evidence_ = 0;
  heard_beats_ = heard_phase_ = 0;
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
  double slowest = patterns_.patterns[0].slowest, fastest = patterns_.patterns[0].fastest;
  for (const auto& pattern : patterns_.patterns) {
    slowest = std::min(slowest, pattern.slowest);
    fastest = std::max(fastest, pattern.fastest);
  }
  bpm = std::clamp(bpm, slowest, fastest);
  doublings_ = 0;
  stay_near(bpm);
  for (const auto& lane : lanes_) {
    const double off = std::log(bpm_of(lane) / bpm) / 0.02;
    for (std::size_t p = 0; p < lane.length; ++p) {
      const double beats = static_cast<double>(kBeats * p) / static_cast<double>(lane.length);
      double away = wrapped(beats - beat_phase);
      away = std::min(away, 1 - away) / 0.05;
      auto& state = states_[lane.start + (p + lane.turn) % lane.length];
      state = static_cast<float>(std::exp(-0.5 * (off * off + away * away))) + 1e-9F;
    }
  }
  wake_all();
  weigh(false);
  read_out();
}

void BarPointer::wake_all() noexcept {
  for (auto& lane : lanes_) lane.scale = 1, lane.asleep = 0;
  std::ranges::fill(mass_, 1.0F);
  for (auto& weight : weight_) std::ranges::fill(weight, 1.0F);
  for (auto& weights : weights_) std::ranges::fill(weights, 1.0F);
}

void BarPointer::stay_near(double bpm) noexcept {
  // No other tempo is considered: the music would soon talk the pointer out of it.
  expect(bpm, parameters_.spread);
  for (auto& lane : lanes_) {
    if (std::abs(bpm_of(lane) / bpm - 1) > kBelievedWithin) lane.prior = 0, lane.bias = kExcluded;
  }
}

void BarPointer::rescale(double factor) noexcept {
  doublings_ = std::clamp(doublings_ + (factor > 1 ? 1 : -1), -kFurthestLevel, kFurthestLevel);
  stay_near(heard_bpm_);
  count_at_our_level();
}

void BarPointer::count_at_our_level() noexcept {
  const double factor = std::exp2(doublings_);
  bpm_ = heard_bpm_ * factor;
  // Halved, every other beat counts, whichever half of the bar the patterns call the first.
  const double beats = doublings_ < 0 ? heard_beats_ + heard_phase_
                                      : static_cast<double>(nearest_) + heard_phase_ - (heard_phase_ < 0.5 ? 0 : 1);
  const double ours = (beats + kBeats) * factor;
  beat_phase_ = wrapped(ours);
  if (doublings_ != 0) nearest_ = static_cast<std::size_t>(std::lround(ours)) % kBeats;
}

void BarPointer::listen(const BeatInput::Levels& levels) noexcept {
  const std::size_t row = patterns_.row();
  float* const weight = weight_[now_].data();
  for (std::size_t g = 0; g < levels.size(); ++g) {
    const float* const ratios = patterns_.ratios.data() + (g * BeatInput::kLevels + levels[g]) * row;
    for (std::size_t i = 0; i < row; ++i) weight[i] *= ratios[i];
  }
}

void BarPointer::gather_weights() noexcept {
  std::ranges::copy(weight_[now_], weights_[0].begin());
  for (std::size_t hops = 1; hops < kNap; ++hops) {
    const auto& before = weight_[(now_ + kNap - hops) % kNap];
    for (std::size_t i = 0; i < before.size(); ++i) weights_[hops][i] = weights_[hops - 1][i] * before[i];
  }
}

void BarPointer::cross_beats() noexcept {
  for (auto& beats : moved_) beats.fill(0);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& lane = lanes_[i];
    lane.turn = lane.turn == 0 ? lane.length - 1 : lane.turn - 1;
    for (std::size_t beat = 0; beat < kBeats; ++beat) {
      float& state = states_[lane.start + (lane.beats[beat] + lane.turn) % lane.length];
      const float leaving = state * lane.scale;
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
      states_[lane.start + (lane.beats[beat] + lane.turn) % lane.length] += moved_[i][beat] / lane.scale;
    }
  }
}

void BarPointer::weigh(bool biased) noexcept {
  float total = 0;
  std::array<float, kBins> lane_weight;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& lane = lanes_[i];
    // Most of the time nearly all lanes hold next to nothing: those are weighed with several hops at once.
    if (mass_[i] < kLittle && ++lane.asleep < kNap) {
      lane.scale *= biased ? lane.bias : 1;
      total += mass_[i];
      continue;
    }
    const std::size_t hops = std::max<std::size_t>(lane.asleep, 1);
    lane.asleep = 0;
    const float bias = (biased ? lane.bias : 1.0F) * lane.scale;
    const float* const weight = weights_[hops - 1].data() + lane.pattern * kBins;
    for (std::size_t b = 0; b < kBins; ++b) lane_weight[b] = weight[b] * bias;
    const float leak =
        static_cast<float>(hops) * parameters_.leak * lane.prior / static_cast<float>(lane.length) / lane.scale;
    float* const states = states_.data() + lane.start;
    const std::uint8_t* const bins = bins_.data() + lane.start;
    const std::size_t before_wrap = lane.length - lane.turn;
    mass_[i] = weigh_run({states + lane.turn, before_wrap}, bins, lane_weight.data(), leak) +
               weigh_run({states, lane.turn}, bins + before_wrap, lane_weight.data(), leak);
    lane.scale = 1;
    total += mass_[i];
  }
  evidence_ = std::log(total);
  const float scale = 1 / total;  // the states themselves are scaled when they are weighed next
  for (auto& lane : lanes_) lane.scale *= scale;
  for (auto& mass : mass_) mass *= scale;
}

void BarPointer::process(const BeatInput::Levels* levels) noexcept {
  cross_beats();
  now_ = (now_ + 1) % kNap;
  std::ranges::fill(weight_[now_], 1.0F);
  if (levels != nullptr) listen(*levels);
  gather_weights();
  weigh(levels != nullptr);
  read_out();
}

void BarPointer::read_out() noexcept {
  // The lanes around `i` that belong to the same pattern: the first, and the one after the last.
  const auto around = [this](std::size_t i, std::size_t reach) {
    std::size_t from = i < reach ? 0 : i - reach, to = std::min(lanes_.size(), i + reach + 1);
    while (lanes_[from].pattern != lanes_[i].pattern) ++from;
    while (lanes_[to - 1].pattern != lanes_[i].pattern) --to;
    return std::pair{from, to};
  };
  std::size_t best = 0;
  float most = -1, entropy = 0;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const auto [from, to] = around(i, kSmear);
    float sum = 0;
    for (std::size_t j = from; j < to; ++j) sum += mass_[j];
    if (sum > most) most = sum, best = i;
    if (mass_[i] > 1e-4F) entropy -= mass_[i] * std::log(mass_[i]);
  }
  entropy_ = entropy / std::log(static_cast<float>(lanes_.size()));

  const auto [from, to] = around(best, kWindow);
  double length = 0, mass = 0;
  for (std::size_t i = from; i < to; ++i) {
    length += static_cast<double>(mass_[i]) * static_cast<double>(lanes_[i].length);
    mass += static_cast<double>(mass_[i]);
  }
  length /= mass;
  heard_bpm_ = 60 * kBeats * rate_ / length;
  read_phase(length);
  count_at_our_level();
}

void BarPointer::read_phase(double length) noexcept {
  float mass = 0;
  std::array<float, kCells> cells{};
  std::array<float, kBeats> nearest{};
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const auto& lane = lanes_[i];
    if (mass_[i] < 1e-5F || std::abs(static_cast<double>(lane.length) / length - 1) > kSameTempo) continue;
    mass += mass_[i];
    const float nothing = kNothing / lane.scale;
    // A position is a beat and a cell of it; counted up, because a division for each would cost more than all else.
    const float per_position = static_cast<float>(kBeats * kCells) / static_cast<float>(lane.length);
    std::size_t at = lane.turn;
    for (std::size_t p = 0; p < lane.length; ++p) {
      const float state = states_[lane.start + at];
      if (++at == lane.length) at = 0;
      if (state < nothing) continue;
      const auto cell = static_cast<std::size_t>(static_cast<float>(p) * per_position);
      cells[cell % kCells] += state * lane.scale;
      nearest[(cell + kCells / 2) / kCells % kBeats] += state * lane.scale;
    }
  }
  tempo_mass_ = std::min(1.0F, mass);
  nearest_ = static_cast<std::size_t>(std::ranges::max_element(nearest) - nearest.begin());

  std::size_t peak = 0;
  float highest = -1;
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    float sum = 0;
    for (std::size_t d = 0; d < 7; ++d) sum += cells[(cell + d + kCells - 3) % kCells];
    if (sum > highest) highest = sum, peak = cell;
  }
  phase_mass_ = mass > 0 ? highest / mass : 0;
  double x = 0, y = 0;
  for (std::size_t d = 0; d < 11; ++d) {
    const std::size_t cell = (peak + d + kCells - 5) % kCells;
    const double angle = 2 * std::numbers::pi * (static_cast<double>(cell) + 0.5) / kCells;
    x += static_cast<double>(cells[cell]) * std::cos(angle);
    y += static_cast<double>(cells[cell]) * std::sin(angle);
  }
  const double phase = wrapped(std::atan2(y, x) / (2 * std::numbers::pi));
  if (phase - heard_phase_ < -0.5) ++heard_beats_;
  if (phase - heard_phase_ > 0.5) --heard_beats_;
  heard_phase_ = phase;
}

}  // namespace vj::audio
