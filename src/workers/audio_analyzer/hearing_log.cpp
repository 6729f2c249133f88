#include "workers/audio_analyzer/hearing_log.hpp"

#include <cmath>

#include "base/format.hpp"

namespace vj::audio_analyzer {

namespace {

constexpr float kSure = 0.8F;       // of tempo and phase, before it is worth a line
constexpr float kAnotherTempo = 1;  // BPM
constexpr Duration kSettled = 2s;   // without another tempo

}  // namespace

std::vector<std::string> HearingLog::lines(const audio::Features& features, Time now) {
  std::vector<std::string> due;
  const auto& beat = features.beat;
  const bool stood = stands(beat, now);
  if (beat.bpm <= 0 && bpm_told_ > 0) {
    due.emplace_back("the beat is lost");
    bpm_told_ = 0;
  } else if (stood && std::abs(beat.bpm - bpm_told_) >= kAnotherTempo) {
    due.push_back(vj::format("{:.1f} BPM (confidence {:.2f})", beat.bpm, beat.confidence));
    bpm_told_ = beat.bpm;
  }
  const auto& structure = features.structure;
  if (structure.build_up && !build_up_told_) {
    due.push_back(vj::format("build-up (tension {:.2f})", structure.tension));
  }
  build_up_told_ = structure.build_up;
  if (structure.drops > drops_told_) due.emplace_back("drop");
  drops_told_ = structure.drops;
  if (const auto& key = features.descriptors.key; !key.empty() && key != key_told_) {
    key_told_ = key;
    due.push_back(vj::format("key {} (strength {:.2f})", key, features.descriptors.key_strength));
  }
  return due;
}

bool HearingLog::stands(const audio::Beat& beat, Time now) {
  if (beat.bpm <= 0 || beat.confidence < kSure) {
    bpm_heard_ = 0;
    return false;
  }
  if (bpm_heard_ <= 0 || std::abs(beat.bpm - bpm_heard_) >= kAnotherTempo) {
    bpm_heard_ = beat.bpm;
    heard_since_ = now;
  }
  return now - heard_since_ >= kSettled;
}

}  // namespace vj::audio_analyzer
