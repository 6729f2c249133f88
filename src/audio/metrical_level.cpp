#include "audio/metrical_level.hpp"

#include <algorithm>
#include <cmath>

namespace vj::audio {

namespace {

constexpr double kSpan = 6;          // seconds that are looked at
constexpr double kAtLeast = 2;       // of them, before anything is concluded
constexpr int kLookEvery = 8;        // hops
constexpr std::size_t kShifts = 4;   // beats that a bar may begin at
constexpr double kSameTempo = 0.07;  // a tempo further away is another one
constexpr double kTempoSpan = 3;     // seconds that a tempo is the mean of
constexpr double kJump = 0.15;  // beats in a hop that the tempo does not explain: what was gathered is of another beat
constexpr double kUsual = 115;  // BPM
// Log-odds. A right beat that is taken for wrong is worse than a wrong one that is kept, and more so at double speed.
constexpr float kHalve = 1.25F, kDouble = 2.0F;  // from these on another level is counted,
constexpr float kReturn = -0.75F;                // and below this the patterns' own is again
constexpr float kUnknown = -3;                   // the doubt before anything is concluded: it is rather right

}  // namespace

constexpr std::array<MetricalLevel::Rival, 18> MetricalLevel::kRivals{{{1, 0, kChance},
                                                                       {1, 0.5, kOffBeat},
                                                                       {2, 0, kTwice},
                                                                       {2, 0.5, kTwice},
                                                                       {0.5, 0, kHalf},
                                                                       {0.5, 0.5, kHalf},
                                                                       {1.5, 0, kThirds},
                                                                       {1.5, 0.5, kThirds},
                                                                       {2.0 / 3, 0, kThirds},
                                                                       {2.0 / 3, 1.0 / 3, kThirds},
                                                                       {2.0 / 3, 2.0 / 3, kThirds},
                                                                       {4.0 / 3, 0, kQuarters},
                                                                       {4.0 / 3, 1.0 / 3, kQuarters},
                                                                       {4.0 / 3, 2.0 / 3, kQuarters},
                                                                       {0.75, 0, kQuarters},
                                                                       {0.75, 0.25, kQuarters},
                                                                       {0.75, 0.5, kQuarters},
                                                                       {0.75, 0.75, kQuarters}}};

MetricalLevel::MetricalLevel(double hops_per_second, std::size_t patterns, BeatLevels weights)
    : rate_(hops_per_second), patterns_(patterns), weights_(weights), scores_(kRivals.size() * kShifts * patterns) {
  reset();
}

void MetricalLevel::reset() noexcept {
  restart();
  tempo_ = 0;
  doublings_ = 0;
  offset_ = 0;
}

void MetricalLevel::restart() noexcept {
  hops_ = 0;
  until_look_ = kLookEvery;
  std::ranges::fill(scores_, 0.0F);
  evidence_ = {};
  doubt_ = kUnknown;
}

void MetricalLevel::process(const Counted& counted, std::span<const float> heard) noexcept {
  const double moved = counted.beats - counted_.beats - counted.bpm / 60 / rate_;
  counted_ = counted;
  if (std::abs(counted.bpm - tempo_) > kSameTempo * tempo_) {
    reset();
    tempo_ = counted.bpm;
  } else if (std::abs(moved) > kJump) {
    restart();
  }
  tempo_ += (counted.bpm - tempo_) / (rate_ * kTempoSpan);
  if (heard.empty()) return;
  listen(heard);
  if (--until_look_ <= 0) look();
}

void MetricalLevel::listen(std::span<const float> heard) noexcept {
  constexpr std::size_t kBins = BeatPatterns::kBins;
  ++hops_;
  const auto share = static_cast<float>(1 / std::min(hops_, kSpan * rate_));
  const auto per_second = static_cast<float>(rate_);
  float* score = scores_.data();
  for (const Rival& rival : kRivals) {
    const double bars = (counted_.beats * rival.tempo + rival.phase) / kShifts;
    const auto bin = static_cast<std::size_t>((bars - std::floor(bars)) * kBins);
    for (std::size_t shift = 0; shift < kShifts; ++shift) {
      const float* const likely = heard.data() + (bin + shift * (kBins / kShifts)) % kBins;
      for (std::size_t pattern = 0; pattern < patterns_; ++pattern, ++score) {
        *score += (likely[pattern * kBins] * per_second - *score) * share;
      }
    }
  }
}

void MetricalLevel::look() noexcept {
  until_look_ = kLookEvery;
  std::array<float, kRivals.size()> best{};
  std::array<std::size_t, kRivals.size()> shift{};
  const std::size_t each = kShifts * patterns_;
  for (std::size_t i = 0; i < kRivals.size(); ++i) {
    const float* const scores = scores_.data() + i * each;
    const float* const most = std::max_element(scores, scores + each);
    best[i] = *most;
    shift[i] = static_cast<std::size_t>(most - scores) / patterns_;
  }
  std::array<float, BeatLevels::kEvidence> strongest;
  strongest.fill(-1e9F);
  for (std::size_t i = 1; i < kRivals.size(); ++i) {
    strongest[kRivals[i].kind] = std::max(strongest[kRivals[i].kind], best[i]);
  }
  evidence_[kChance] = best[0];
  for (const std::size_t kind : {kOffBeat, kTwice, kHalf, kThirds, kQuarters})
    evidence_[kind] = best[0] - strongest[kind];
  evidence_[kTempo] = static_cast<float>(std::log2(tempo_ / kUsual));
  evidence_[kTempoSquared] = evidence_[kTempo] * evidence_[kTempo];
  evidence_[kAlways] = 1;
  if (hops_ >= kAtLeast * rate_) choose(best, shift);
}

void MetricalLevel::choose(std::span<const float> best, std::span<const std::size_t> shift) noexcept {
  float twice = 0, half = 0;
  for (std::size_t i = 0; i < evidence_.size(); ++i) {
    twice += weights_.twice[i] * evidence_[i];
    half += weights_.half[i] * evidence_[i];
  }
  // Of two one is the beat: what was heard lately says which, and where the patterns' own bars begin, which may be
  // known since the music began.
  constexpr std::size_t kEven = 4, kOdd = 5;  // of the rivals
  const double even = static_cast<double>(best[kEven] - best[kOdd]) * kSpan + counted_.even;
  const int before = doublings_;
  if (doublings_ == 0) {
    if (twice > kHalve && twice > half) doublings_ = -1;
    if (half > kDouble && half > twice) doublings_ = 1;
  } else if ((doublings_ < 0 ? twice : half) < kReturn) {
    doublings_ = 0;
  }
  doubt_ = doublings_ == 0 ? std::max(twice, half) : doublings_ < 0 ? -twice : -half;
  if (doublings_ == before) return;
  const std::size_t rival = even > 0 ? kEven : kOdd;
  offset_ = doublings_ < 0 ? kRivals[rival].phase + static_cast<double>(shift[rival]) : 0;
}

}  // namespace vj::audio
