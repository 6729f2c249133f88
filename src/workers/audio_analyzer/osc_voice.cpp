#include "workers/audio_analyzer/osc_voice.hpp"

#include <cmath>

#include "audio/descriptors.hpp"

namespace vj::audio_analyzer {

namespace {

constexpr Duration kBeatHeld = 80ms;    // until a mapped value falls again
constexpr Duration kTempoAtLeast = 1s;  // said again, changed or not
constexpr Duration kStructureEvery = 50ms;

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
  if (on.descriptors && features.descriptors.key != last_key_) {
    last_key_ = features.descriptors.key;
    key_ = osc::PreparedMessage("/audio/key", {features.descriptors.key, features.descriptors.key_strength});
    say(key_);
  }
  return due_;
}

OscVoice::Messages OscVoice::streams(const audio::Features& features, const audio::FeatureSet& on, Time now) {
  due_.clear();
  levels(features.levels);
  if (on.spectrum) {
    for (std::size_t i = 0; i < features.spectrum.size(); ++i) spectrum_.set(i, features.spectrum[i]);
    say(spectrum_);
  }
  if (on.beat) {
    phase_.set(0, features.beat.beat_phase);
    phase_.set(1, features.beat.bar_phase);
    say(phase_);
  }
  if (on.pitch) {
    pitch_.set(0, features.pitch.hertz);
    pitch_.set(1, features.pitch.confidence);
    say(pitch_);
  }
  if (on.structure && now - structure_said_ >= kStructureEvery) structure(features.structure, now);
  if (on.descriptors) descriptors(features.descriptors);
  return due_;
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

void OscVoice::beat(const audio::Beat& beat, Time now) {
  const bool falls = beat_held_ && now - beat_said_ >= kBeatHeld;
  if (beat.now || falls) {
    beat_held_ = beat.now;
    if (beat.now) beat_said_ = now;
    beat_.set(0, beat.now ? 1 : 0);
    beat_.set(1, beat.bpm);
    beat_.set(2, beat.strength);
    beat_.set(3, beat.place);
    beat_.set(4, beat.next * 1000);
    say(beat_);
  }
}

void OscVoice::tempo(const audio::Beat& beat, Time now) {
  // Smaller changes than a receiver could show are none.
  const bool changed = std::abs(beat.bpm - last_bpm_) > 0.05F || std::abs(beat.confidence - last_confidence_) > 0.05F;
  if (changed || now - bpm_said_ >= kTempoAtLeast) {
    last_bpm_ = beat.bpm;
    last_confidence_ = beat.confidence;
    bpm_said_ = now;
    bpm_.set(0, beat.bpm);
    bpm_.set(1, beat.confidence);
    say(bpm_);
  }
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

}  // namespace vj::audio_analyzer
