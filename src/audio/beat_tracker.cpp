#include "audio/beat_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vj::audio {

namespace {

constexpr double kBeatHop = 512;
constexpr double kRefractory = 0.55;                        // beats
constexpr int kFreeRun = 16;                                // beats without an onset after which the beat is let go
constexpr double kPause = 0.5, kPauseBeats = 1.2;           // seconds and beats of silence: more than both, no beat
constexpr double kTells = 0.8;                              // seconds after an onset that its absence tells something
constexpr double kForget = 2.0;                             // and after which the tempo is no longer known
constexpr double kSilenceBefore = 0.1;                      // seconds of silence before what is a beginning
constexpr double kTapsApart = 2.0;                          // seconds: more, and a new series of taps begins
constexpr double kTapBounces = 0.2;                         // seconds: less, and it was the same tap
constexpr double kTapsOff = 0.14;                           // seconds over n^1.5 that n taps' beat may be off,
constexpr double kTempoOff = 0.02;                          // and at least so much of it
constexpr float kFollowFrom = 0.35F, kFollowUntil = 0.08F;  // of the confidence
constexpr float kSayFrom = 0.06F;                           // of it: a beat that is less likely is not said

// Of the confidence: a logistic regression over music that nothing was learned from, by calibrate_beat.py; how much
// the doubt weighs, and the constant, are what tells moments of one piece apart best (ADR 18).
constexpr float kNoEvidence = -3.70F;
constexpr BeatTracker::Evidence kWeights{2.94F, 2.68F, 1.39F, -1.77F, 0.66F, -0.30F};
constexpr float kMostDoubt = 8;  // that counts

}  // namespace

BeatTracker::BeatTracker(double sample_rate, BeatPatterns patterns, BeatLevels levels)
    : hop_seconds_(kBeatHop / sample_rate), pointer_(sample_rate / kBeatHop, std::move(patterns), levels) {}

void BeatTracker::reset() noexcept {
  pointer_.reset();
  line_.clear();
  state_ = {};
  hops_ = last_beat_ = 0;
  hops_since_onset_ = kEver;
  silent_hops_ = unheard_beats_ = 0;
  fresh_ = true;
  heard_since_beat_ = following_ = knew_ = resumes_ = told_ = false;
  agreement_ = steadiness_ = 0;
  evidence_ = {};
  taps_.clear();
  last_tap_ = -1e9;
}

const Beat& BeatTracker::process(const BeatInput::Features& features, bool heard, bool silent) noexcept {
  ++hops_;
  state_.now = false;
  hops_since_onset_ = heard ? 0 : std::min(kEver, hops_since_onset_ + 1);
  // That nothing begins says where no beat is, also in silence; but where nothing begins for long, as in a break, the
  // pointer runs on: else it would learn that no beat is where one was.
  const bool tells = hops_since_onset_ * hop_seconds_ < kTells;
  pointer_.process(tells ? &features : nullptr);
  if (fresh_ && !silent && !told_ && silent_hops_ * hop_seconds_ >= kSilenceBefore) pointer_.begin();
  silent_hops_ = silent ? std::min(kEver, silent_hops_ + 1) : 0;
  fresh_ = silent && (fresh_ || silent_hops_ * hop_seconds_ > kForget);
  heard_since_beat_ = heard_since_beat_ || heard;
  // The beats that were said are not on one line with those to come.
  if (std::exchange(doublings_, pointer_.doublings()) != doublings_) line_.clear();

  const double hops_per_beat = 60 / pointer_.bpm() / hop_seconds_;
  const double phase = pointer_.beat_phase();
  const bool quiet = silent_hops_ > std::max(kPause / hop_seconds_, kPauseBeats * hops_per_beat);
  const bool unheard = unheard_beats_ >= kFreeRun && !told_;
  const bool paused = fresh_ || quiet || unheard;
  if (heard && unheard_beats_ >= kFreeRun) unheard_beats_ = 0;
  if (!paused && is_due(phase, hops_per_beat)) {
    last_beat_ = hops_;
    // Behind us if the phase has just begun, else still to come.
    const double offset = (phase < 0.5 ? -phase : 1 - phase) * hops_per_beat * hop_seconds_;
    // After a silence, in which the confidence is 0, most music begins on a beat.
    const bool likely = following_ || state_.confidence > kSayFrom || state_.confidence == 0;
    if (likely) emit(offset, hops_per_beat);
  }
  follow_confidence(!tells, fresh_ || quiet);
  if (paused && (silent_hops_ * hop_seconds_ > kForget || unheard)) let_go();

  const double length = line_.beat_length();
  const double posterior = pointer_.bpm();
  const bool fits = length > 0 && std::abs(length * posterior / 60 - 1) < 0.06;
  state_.bpm = following_ ? static_cast<float>(fits && line_.size() >= 4 ? 60 / length : posterior) : 0;
  state_.beat_phase = static_cast<float>(phase);
  // The bar goes with the beat that was said last; just before the next one, which may be said early, it is past it.
  const double early = state_.now && phase > 0.5 ? -1 : 0;
  const double bar = (state_.place - 1 + phase + early) / 4;
  state_.bar_phase = static_cast<float>(bar - std::floor(bar));
  state_.next = static_cast<float>((1 - phase - early) * hops_per_beat * hop_seconds_);
  return state_;
}

bool BeatTracker::is_due(double phase, double hops_per_beat) const noexcept {
  const double since = static_cast<double>(hops_ - last_beat_);
  const double past = phase * hops_per_beat, to_next = (1 - phase) * hops_per_beat;
  const bool at = to_next <= 0.5 || past < 0.5 || (past < 0.2 * hops_per_beat && since > 0.75 * hops_per_beat);
  return at && since > kRefractory * hops_per_beat;
}

void BeatTracker::emit(double offset, double hops_per_beat) noexcept {
  state_.now = true;
  state_.offset = offset;
  ++state_.count;
  state_.place = static_cast<int>(pointer_.nearest_beat()) + 1;
  line_.add(static_cast<double>(hops_) * hop_seconds_ + offset, hops_per_beat * hop_seconds_);
  unheard_beats_ = heard_since_beat_ ? 0 : unheard_beats_ + 1;
  heard_since_beat_ = false;
}

void BeatTracker::follow_confidence(bool unheard, bool quiet) noexcept {
  // How much better than chance the pattern explains what is heard: the mean over some four seconds.
  const float agrees = unheard ? -1.0F : std::clamp(pointer_.evidence(), -3.0F, 3.0F);
  agreement_ += (agrees - agreement_) * static_cast<float>(hop_seconds_ / 3);
  // How far the beats that were said lie on one line.
  const double line = line_.beat_length();
  const bool steady = line > 0 && line_.size() >= 6 && std::abs(line * pointer_.bpm() / 60 - 1) < 0.04;
  steadiness_ += ((steady ? 1.0F : 0.0F) - steadiness_) * static_cast<float>(hop_seconds_ / 2);
  const float doubt = std::clamp(pointer_.level().doubt(), -kMostDoubt, kMostDoubt);
  evidence_ = {pointer_.tempo_mass(), pointer_.phase_mass(), agreement_, pointer_.tempo_entropy(), steadiness_, doubt};
  float score = kNoEvidence;
  for (std::size_t i = 0; i < evidence_.size(); ++i) score += kWeights[i] * evidence_[i];
  state_.confidence = 1 / (1 + std::exp(-score));
  if (unheard_beats_ > 2) state_.confidence *= std::max(0.0F, 1 - static_cast<float>(unheard_beats_ - 2) / kFreeRun);
  if (quiet) state_.confidence = 0;
  if (state_.now) state_.strength = std::clamp(0.5F + 0.25F * agrees, 0.0F, 1.0F);
  const bool sure = following_ ? state_.confidence > kFollowUntil
                               : state_.confidence > kFollowFrom && (line_.size() >= 2 || resumes_);
  // What was said before it was followed may be anywhere, and would bend the line.
  if (!std::exchange(following_, sure || told_) && following_) line_.clear();
  if (silent_hops_ == 0) knew_ = following_;
}

void BeatTracker::let_go() noexcept {
  // What comes after a silence is another piece, or the same after a stop.
  if (silent_hops_ > 0 && (told_ || line_.size() > 0)) {
    resumes_ = knew_;
    resumes_ ? pointer_.forget_all_but_tempo() : pointer_.reset();
  }
  following_ = told_ = false;
  line_.clear();
}

void BeatTracker::tap(double ago) noexcept {
  const double at = static_cast<double>(hops_) * hop_seconds_ - ago;
  const double apart = at - last_tap_;
  if (apart < kTapBounces) return;
  last_tap_ = at;
  if (apart > kTapsApart) taps_.clear();
  if (taps_.size() == 0) tapped_to_ = following_ ? pointer_.bpm() : 0;
  taps_.add(at, taps_.beat_length() > 0 ? taps_.beat_length() : apart);
  if (taps_.size() < 2) return;
  const double length = taps_.size() > 2 ? taps_.beat_length() : apart;
  double bpm = 60 / length;
  // Fingers are less exact than music: who taps to what is followed says when a beat is, and no other tempo.
  const double off = kTapsOff / length / std::pow(static_cast<double>(taps_.size()), 1.5);
  if (std::abs(bpm / tapped_to_ - 1) < std::max(off, kTempoOff)) {
    bpm = tapped_to_;
  } else {
    line_.clear();
  }
  const double phase = ago * bpm / 60;
  pointer_.believe(bpm, phase - std::floor(phase));
  told_ = true;
  unheard_beats_ = 0;
}

void BeatTracker::scale(double factor) noexcept {
  pointer_.rescale(factor);
  told_ = true;
  line_.clear();
}

}  // namespace vj::audio
