#include "workers/audio_analyzer/osc_voice.hpp"

#include <cmath>

#include "audio/descriptors.hpp"

namespace vj::audio_analyzer {

namespace {

constexpr Duration kBeatHeld = 80ms;    // until a mapped value falls again
constexpr Duration kTempoAtLeast = 1s;  // said again, changed or not
constexpr Duration kStructureEvery = 50ms;
constexpr Duration kStillSilentEvery = 250ms;  // at most that is asked for what is due in silence

audio::FeatureSet switched_off(const audio::FeatureSet& before, const audio::FeatureSet& now) {
  return {.descriptors = before.descriptors && !now.descriptors,
          .pitch = before.pitch && !now.pitch,
          .beat = before.beat && !now.beat,
          .structure = before.structure && !now.structure,
          .spectrum = before.spectrum && !now.spectrum};
}

osc::PreparedMessage beat_message() { return {"/audio/beat", {0, 0.0F, 0.0F, 0, 0.0F}}; }

}  // namespace

OscVoice::OscVoice()
    : pulse_(osc::PreparedMessage::of_floats("/audio/pulse", 3)),
      levels_(osc::PreparedMessage::of_floats("/audio/levels", audio::kBands + 1)),
      spectrum_(osc::PreparedMessage::of_floats("/audio/spectrum", audio::kSpectrumBins)),
      beat_(beat_message()),
      phase_(osc::PreparedMessage::of_floats("/audio/phase", 2)),
      bpm_(osc::PreparedMessage::of_floats("/audio/bpm", 2)),
      onset_(osc::PreparedMessage::of_floats("/audio/onset", 1)),
      pitch_(osc::PreparedMessage::of_floats("/audio/pitch", 2)),
      structure_("/audio/structure", {0, 0, 0.0F, 0.0F, 0.0F, 0}),
      descriptors_(osc::PreparedMessage::of_floats("/audio/descriptors", 6)),
      key_("/audio/key", {std::string_view(), 0.0F}) {
  due_.reserve(16);
}

OscVoice::Messages OscVoice::events(const audio::Features& features, const audio::FeatureSet& on, Time now) {
  due_.clear();
  close(switched_off(on_, on), now);
  on_ = on;
  if (on.beat) {
    if (features.onset.now) {
      onset_.set(0, features.onset.strength);
      say(onset_);
    }
    beat(features.beat, now);
    tempo(features.beat, now);
  }
  if (on.structure && (features.structure.drop || features.structure.build_up != last_build_up_)) {
    structure(features.structure, now);
  }
  if (on.descriptors && features.descriptors.key != last_key_) key(features.descriptors);
  return due_;
}

OscVoice::Messages OscVoice::streams(const audio::Features& features, const audio::FeatureSet& on, Time now) {
  due_.clear();
  levels(features.levels);
  if (on.spectrum) spectrum(features.spectrum);
  if (on.beat) phase(features.beat);
  if (on.pitch) pitch(features.pitch);
  if (on.structure && now - structure_said_ >= kStructureEvery) structure(features.structure, now);
  if (on.descriptors) descriptors(features.descriptors);
  return due_;
}

OscVoice::Messages OscVoice::silence(const audio::FeatureSet& on, Time now) {
  due_.clear();
  levels({});
  close(on, now);
  on_ = on;
  return due_;
}

OscVoice::Messages OscVoice::still_silent(const audio::FeatureSet& on, Time now) {
  due_.clear();
  on_ = on;
  if (on.beat && now - bpm_said_ >= kTempoAtLeast - kStillSilentEvery) say_tempo({}, now);
  return due_;
}

void OscVoice::close(const audio::FeatureSet& parts, Time now) {
  const audio::Features nothing;
  if (parts.beat) {
    say_beat(nothing.beat);
    phase(nothing.beat);
    say_tempo(nothing.beat, now);
  }
  if (parts.pitch) pitch(nothing.pitch);
  if (parts.structure) structure(nothing.structure, now);
  if (parts.spectrum) spectrum(nothing.spectrum);
  if (parts.descriptors) {
    descriptors(nothing.descriptors);
    key(nothing.descriptors);
  }
}

void OscVoice::levels(const audio::Levels& levels) {
  pulse_.set(0, levels.bass());
  pulse_.set(1, levels.mids());
  pulse_.set(2, levels.highs());
  say(pulse_);
  for (std::size_t i = 0; i < levels.bands.size(); ++i) levels_.set(i, levels.bands[i]);
  levels_.set(levels.bands.size(), levels.overall);
  say(levels_);
}

void OscVoice::spectrum(const std::array<float, audio::kSpectrumBins>& bins) {
  for (std::size_t i = 0; i < bins.size(); ++i) spectrum_.set(i, bins[i]);
  say(spectrum_);
}

void OscVoice::phase(const audio::Beat& beat) {
  phase_.set(0, beat.beat_phase);
  phase_.set(1, beat.bar_phase);
  say(phase_);
}

void OscVoice::pitch(const audio::Pitch& pitch) {
  pitch_.set(0, pitch.hertz);
  pitch_.set(1, pitch.confidence);
  say(pitch_);
}

void OscVoice::beat(const audio::Beat& beat, Time now) {
  const bool falls = beat_held_ && now - beat_said_ >= kBeatHeld;
  if (beat.now) beat_said_ = now;
  if (beat.now || falls) say_beat(beat);
}

void OscVoice::say_beat(const audio::Beat& beat) {
  beat_held_ = beat.now;
  beat_.set(0, beat.now ? 1 : 0);
  beat_.set(1, beat.bpm);
  beat_.set(2, beat.strength);
  beat_.set(3, beat.place);
  beat_.set(4, beat.next * 1000);
  say(beat_);
}

void OscVoice::tempo(const audio::Beat& beat, Time now) {
  // Smaller changes than a receiver could show are none.
  const bool changed = std::abs(beat.bpm - last_bpm_) > 0.05F || std::abs(beat.confidence - last_confidence_) > 0.05F;
  if (changed || now - bpm_said_ >= kTempoAtLeast) say_tempo(beat, now);
}

void OscVoice::say_tempo(const audio::Beat& beat, Time now) {
  last_bpm_ = beat.bpm;
  last_confidence_ = beat.confidence;
  bpm_said_ = now;
  bpm_.set(0, beat.bpm);
  bpm_.set(1, beat.confidence);
  say(bpm_);
}

void OscVoice::structure(const audio::Structure& structure, Time now) {
  structure_said_ = now;
  last_build_up_ = structure.build_up;
  structure_.set(0, structure.build_up ? 1 : 0);
  structure_.set(1, structure.drop ? 1 : 0);
  structure_.set(2, structure.energy_trend);
  structure_.set(3, structure.brightness);
  structure_.set(4, structure.tension);
  structure_.set(5, structure.bars_since_drop);
  say(structure_);
}

void OscVoice::descriptors(const audio::Descriptors& descriptors) {
  const auto values = audio::shown(descriptors);
  for (std::size_t i = 0; i < values.size(); ++i) descriptors_.set(i, values[i]);
  say(descriptors_);
}

void OscVoice::key(const audio::Descriptors& descriptors) {
  last_key_ = descriptors.key;
  key_ = osc::PreparedMessage("/audio/key", {descriptors.key, descriptors.key_strength});
  say(key_);
}

}  // namespace vj::audio_analyzer
