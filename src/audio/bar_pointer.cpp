#include "audio/bar_pointer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

#include "base/assert.hpp"

namespace vj::audio {

namespace {

constexpr double kStep = 1.02;             // between neighbouring bar lengths
constexpr double kPull = 1.0;              // how much, per second, the usual tempos go on weighing while music plays
constexpr double kSteadiness = 100;        // a tempo r times as fast follows at a beat with exp(-kSteadiness |r - 1|)
constexpr float kLeak = 2e-5F;             // that all is forgotten, per hop
constexpr double kFurthestChange = 0.12;   // of the tempo, at one beat
constexpr double kBelievedWithin = 0.15;   // of a tempo that somebody gave
constexpr double kBeginsOnFirst = 0.85;    // beat of a bar, of all music; 0.86 to 0.98 of what was looked at
constexpr double kBeginsOnOther = 0.1;     // on one of the others; what is left, anywhere
constexpr double kBeginsWithin = 0.03;     // seconds of the beat
constexpr double kSameAgain = 0.5;         // of the music after a silence has the tempo of what was before it,
constexpr double kSameAgainWithin = 0.01;  // so nearly
constexpr std::size_t kSmear = 2;          // lanes either side that count as the same tempo when looking for the best
constexpr std::size_t kWindow = 3;         // and when averaging around it
constexpr double kSameTempo = 0.065;       // lanes of any pattern this near have a say in the phase
constexpr int kFurthestLevel = 2;          // doublings or halvings of the tempo on demand
constexpr float kLittle = 1e-3F;           // of the probability: a lane that holds no more may nap
constexpr float kExcluded = 1e-3F;         // what is left of an unbelieved tempo after a hop; not 0: it is divided by
constexpr float kNothing = 1e-7F;          // of the probability
constexpr float kNegligible = 1e-10F;      // of it: not worth moving

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

// Of an index below twice the length.
std::size_t wrapped(std::size_t index, std::size_t length) { return index < length ? index : index - length; }

double wrapped(double phase) { return phase - std::floor(phase); }

}  // namespace

BarPointer::BarPointer(double hops_per_second, BeatPatterns patterns, BeatLevels levels)
    : rate_(hops_per_second), patterns_(std::move(patterns)), level_(hops_per_second, patterns_.count, levels) {
  VJ_ASSERT(patterns_.weights.size() == (BeatEars::kFeatures + 1) * patterns_.row());
  VJ_ASSERT(patterns_.tempos.size() == patterns_.count * BeatPatterns::kTempos);
  for (std::size_t pattern = 0; pattern < patterns_.count; ++pattern) add_lanes(pattern);
  states_.resize(bins_.size());
  for (std::size_t i = 0; i < lanes_.size() / patterns_.count; ++i) add_beginning(lanes_[i]);
  for (auto& weight : weight_) weight.resize(patterns_.row());
  for (auto& weights : weights_) weights.resize(patterns_.row());
  heard_.resize(patterns_.row());
  mass_.resize(lanes_.size());
  leaving_.resize(lanes_.size());
  arriving_.resize(lanes_.size() + 2 * kReach);
  reset();
}

void BarPointer::add_lanes(std::size_t pattern) {
  const std::size_t first = lanes_.size();
  const double shortest = 60 * kBeats * rate_ / BeatPatterns::kFastest;
  const double longest = 60 * kBeats * rate_ / BeatPatterns::kSlowest;
  for (double length = shortest; length < longest; length = std::max(length * kStep, length + 1)) {
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
      sum += chance[d] = std::exp(-kSteadiness * std::abs(ratio - 1));
    }
    for (std::size_t d = 0; d < chance.size(); ++d) changes_[d].push_back(static_cast<float>(chance[d] / sum));
  }
}

void BarPointer::add_beginning(const Lane& lane) {
  const double seconds = 60 / bpm_of(lane);  // in a beat
  const double highest = seconds / (kBeginsWithin * std::sqrt(2 * std::numbers::pi));
  const double anywhere = 1 - kBeginsOnFirst - kBeginsOnOther;
  for (std::size_t p = 0; p < lane.length; ++p) {
    // The first sound came somewhere in the last hop.
    const double beats = (static_cast<double>(p) - 0.5) * kBeats / static_cast<double>(lane.length);
    const bool is_first = std::remainder(std::round(beats), static_cast<double>(kBeats)) == 0;
    const double away = std::remainder(beats, 1.0) * seconds / kBeginsWithin;
    const double share = is_first ? kBeginsOnFirst : kBeginsOnOther / (kBeats - 1);
    begins_.push_back(static_cast<float>(kBeats * share * highest * std::exp(-0.5 * away * away) + anywhere));
  }
}

double BarPointer::bpm_of(const Lane& lane) const noexcept {
  return 60 * kBeats * rate_ / static_cast<double>(lane.length);
}

double BarPointer::expected(const Lane& lane) const noexcept {
  const double at =
      std::log(bpm_of(lane) / BeatPatterns::kSlowest) / std::log(BeatPatterns::kFastest / BeatPatterns::kSlowest);
  const auto cell = static_cast<std::size_t>(std::clamp(at, 0.0, 0.9999) * BeatPatterns::kTempos);
  return static_cast<double>(patterns_.tempos[lane.pattern * BeatPatterns::kTempos + cell]);
}

void BarPointer::expect() noexcept {
  double sum = 0;
  const auto most_usual = static_cast<double>(std::ranges::max(patterns_.tempos));
  for (auto& lane : lanes_) {
    const double usual = expected(lane) - most_usual;
    lane.prior = static_cast<float>(std::exp(usual));
    lane.bias = static_cast<float>(std::exp(usual * kPull / rate_));
    sum += static_cast<double>(lane.prior);
  }
  for (auto& lane : lanes_) lane.prior = static_cast<float>(static_cast<double>(lane.prior) / sum);
}

void BarPointer::forget_states() noexcept {
  doublings_ = level_.doublings();
  level_is_told_ = false;
  now_ = 0;
  wake_all();
  evidence_ = 0;
  heard_beats_ = heard_phase_ = 0;
  expect();
  for (std::size_t i = 0; i < lanes_.size(); ++i) mass_[i] = lanes_[i].prior;
}

// Over each lane, what it holds.
void BarPointer::spread_evenly() noexcept {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& lane = lanes_[i];
    lane.turn = 0;
    std::fill_n(states_.begin() + static_cast<std::ptrdiff_t>(lane.start), lane.length,
                mass_[i] / static_cast<float>(lane.length));
  }
  read_out();
}

void BarPointer::reset() noexcept {
  level_.reset();
  forget_states();
  spread_evenly();
}

void BarPointer::forget_all_but_tempo() noexcept {
  const double bpm = heard_bpm_;
  level_.restart();
  forget_states();
  const auto same = [&](const Lane& lane) {
    const double off = std::log(bpm_of(lane) / bpm) / kSameAgainWithin;
    return static_cast<double>(lane.prior) * std::exp(-0.5 * off * off);
  };
  double sum = 0;
  for (const auto& lane : lanes_) sum += same(lane);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const double other = (1 - kSameAgain) * static_cast<double>(lanes_[i].prior);
    mass_[i] = static_cast<float>(kSameAgain * same(lanes_[i]) / sum + other);
  }
  spread_evenly();
}

void BarPointer::believe(double bpm, double beat_phase) noexcept {
  bpm = std::clamp(bpm, BeatPatterns::kSlowest, BeatPatterns::kFastest);
  level_.reset();
  level_is_told_ = true;
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

void BarPointer::begin() noexcept {
  for (auto& lane : lanes_) {
    float* const states = states_.data() + lane.start;
    const float* const likely = begins_.data() + lane.start % begins_.size();  // the lanes of all patterns are alike
    for (std::size_t p = 0; p < lane.length; ++p) states[wrapped(p + lane.turn, lane.length)] *= lane.scale * likely[p];
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
  expect();
  for (auto& lane : lanes_) {
    if (std::abs(bpm_of(lane) / bpm - 1) > kBelievedWithin) lane.prior = 0, lane.bias = kExcluded;
  }
}

void BarPointer::rescale(double factor) noexcept {
  level_is_told_ = true;
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
  const double ours = (beats + kBeats) * factor + (doublings_ < 0 ? level_.offset() : 0);
  beat_phase_ = wrapped(ours);
  if (doublings_ != 0) nearest_ = static_cast<std::size_t>(std::lround(ours)) % kBeats;
}

void BarPointer::listen(const BeatInput::Features& heard) noexcept {
  const std::size_t row = patterns_.row();
  float* const sum = heard_.data();
  const float* from = patterns_.weights.data() + heard.size() * row;
  std::copy_n(from, row, sum);
  from = patterns_.weights.data();
  for (const float feature : heard) {
    for (std::size_t i = 0; i < row; ++i) sum[i] += feature * from[i];
    from += row;
  }
  float* const weight = weight_[now_].data();
  for (std::size_t i = 0; i < row; ++i) weight[i] = std::exp(sum[i]);
}

void BarPointer::gather_weights() noexcept {
  std::ranges::copy(weight_[now_], weights_[0].begin());
  for (std::size_t hops = 1; hops < kNap; ++hops) {
    const auto& before = weight_[(now_ + kNap - hops) % kNap];
    for (std::size_t i = 0; i < before.size(); ++i) weights_[hops][i] = weights_[hops - 1][i] * before[i];
  }
}

void BarPointer::cross_beats() noexcept {
  for (auto& lane : lanes_) lane.turn = lane.turn == 0 ? lane.length - 1 : lane.turn - 1;
  const std::size_t count = lanes_.size();
  for (std::size_t beat = 0; beat < kBeats; ++beat) {
    for (std::size_t i = 0; i < count; ++i) {
      leaving_[i] = 0;
      if (mass_[i] < kLittle) continue;  // what little there is keeps its tempo
      const auto& lane = lanes_[i];
      float& state = states_[lane.start + wrapped(lane.beats[beat] + lane.turn, lane.length)];
      leaving_[i] = state * lane.scale;
      state = 0;
    }
    std::ranges::fill(arriving_, 0.0F);
    for (std::size_t d = 0; d < changes_.size(); ++d) {
      const float* const change = changes_[d].data();
      const float* const leaving = leaving_.data();
      float* const arriving = arriving_.data() + d;
      for (std::size_t i = 0; i < count; ++i) arriving[i] += leaving[i] * change[i];
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (arriving_[i + kReach] < kNegligible) continue;
      const auto& lane = lanes_[i];
      states_[lane.start + wrapped(lane.beats[beat] + lane.turn, lane.length)] += arriving_[i + kReach] / lane.scale;
    }
  }
}

void BarPointer::weigh(bool biased) noexcept {
  float total = 0;
  std::array<float, kBins> lane_weight;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& lane = lanes_[i];
    // Most of the time nearly all lanes hold next to nothing: those are weighed with several hops at once, some of them
    // in each hop.
    if (mass_[i] < kLittle && (now_ + i) % kNap != 0) {
      ++lane.asleep;
      lane.scale *= biased ? lane.bias : 1;
      total += mass_[i];
      continue;
    }
    const std::size_t hops = lane.asleep + 1;
    lane.asleep = 0;
    const float bias = (biased ? lane.bias : 1.0F) * lane.scale;
    const float* const weight = weights_[hops - 1].data() + lane.pattern * kBins;
    for (std::size_t b = 0; b < kBins; ++b) lane_weight[b] = weight[b] * bias;
    const float leak = static_cast<float>(hops) * kLeak * lane.prior / static_cast<float>(lane.length) / lane.scale;
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

void BarPointer::process(const BeatInput::Features* heard) noexcept {
  cross_beats();
  now_ = (now_ + 1) % kNap;
  if (heard != nullptr) {
    listen(*heard);
  } else {
    std::ranges::fill(weight_[now_], 1.0F);
  }
  gather_weights();
  weigh(heard != nullptr);
  read_out();
  if (!level_is_told_) follow_level(heard != nullptr);
}

void BarPointer::follow_level(bool heard) noexcept {
  level_.process({.beats = heard_beats_ + heard_phase_, .bpm = heard_bpm_, .even = heard_even_},
                 heard ? std::span<const float>(heard_) : std::span<const float>());
  if (doublings_ == level_.doublings()) return;
  doublings_ = level_.doublings();
  count_at_our_level();
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
  const double odds = std::log(static_cast<double>(nearest[0] + nearest[2] + kNothing) /
                               static_cast<double>(nearest[1] + nearest[3] + kNothing));
  heard_even_ = std::lround(heard_beats_ + heard_phase_) % 2 == 0 ? odds : -odds;
}

}  // namespace vj::audio
