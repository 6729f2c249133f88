#include "wire/audio_payload.hpp"

namespace vj::wire {

namespace {

template <std::size_t kSize>
Value list(const std::array<float, kSize>& values) {
  Value out = Value::array();
  for (const float value : values) out.append(static_cast<double>(value));
  return out;
}

template <std::size_t kSize>
void read_list(const Value& value, std::array<float, kSize>& into) {
  const auto* elements = value.elements();
  if (elements == nullptr) return;
  for (std::size_t i = 0; i < kSize && i < elements->size(); ++i) {
    into[i] = static_cast<float>((*elements)[i].number_or(0));
  }
}

double number(float value) { return static_cast<double>(value); }

}  // namespace

Value to_value(const audio::Features& f, std::uint64_t beats_before, std::uint64_t drops_before) {
  return Value::object({{"bands", list(f.levels.bands)},
                        {"rms", number(f.levels.rms)},
                        {"bass_level", number(f.levels.bass())},
                        {"mid_level", number(f.levels.mids())},
                        {"high_level", number(f.levels.highs())},
                        {"overall", number(f.levels.overall)},
                        {"beat", f.beat.count > beats_before},
                        {"beat_count", f.beat.count},
                        {"bpm", number(f.beat.bpm)},
                        {"bpm_confidence", number(f.beat.confidence)},
                        {"beat_phase", number(f.beat.beat_phase)},
                        {"pitch_hz", number(f.pitch.hertz)},
                        {"pitch_conf", number(f.pitch.confidence)},
                        {"buildup", f.structure.build_up},
                        {"drop", f.structure.drops > drops_before},
                        {"drop_count", f.structure.drops},
                        {"energy_trend", number(f.structure.energy_trend)},
                        {"brightness", number(f.structure.brightness)},
                        {"spectrum", list(f.spectrum)},
                        {"beat_in_bar", f.beat.place},
                        {"beat_strength", number(f.beat.strength)},
                        {"bar_phase", number(f.beat.bar_phase)},
                        {"onset", number(f.onset.strength)},
                        {"tension", number(f.structure.tension)},
                        {"bars_since_drop", f.structure.bars_since_drop},
                        {"hfc", number(f.descriptors.hfc)},
                        {"flux", number(f.descriptors.flux)},
                        {"centroid", number(f.descriptors.centroid)},
                        {"rolloff", number(f.descriptors.rolloff)},
                        {"flatness", number(f.descriptors.flatness)},
                        {"complexity", number(f.descriptors.complexity)},
                        {"key", f.descriptors.key},
                        {"key_strength", number(f.descriptors.key_strength)},
                        {"silent", f.silent}});
}

audio::Features audio_features_from(const Value& payload) {
  const auto read = [&](std::string_view name) { return static_cast<float>(payload[name].number_or(0)); };
  audio::Features f;
  read_list(payload["bands"], f.levels.bands);
  f.levels.rms = read("rms");
  f.levels.overall = read("overall");
  f.beat.now = payload["beat"].boolean_or(false);
  f.beat.count = static_cast<std::uint64_t>(payload["beat_count"].integer_or(0));
  f.beat.bpm = read("bpm");
  f.beat.confidence = read("bpm_confidence");
  f.beat.beat_phase = read("beat_phase");
  f.beat.bar_phase = read("bar_phase");
  f.beat.strength = read("beat_strength");
  f.beat.place = static_cast<int>(payload["beat_in_bar"].integer_or(1));
  f.pitch.hertz = read("pitch_hz");
  f.pitch.confidence = read("pitch_conf");
  f.structure.build_up = payload["buildup"].boolean_or(false);
  f.structure.drop = payload["drop"].boolean_or(false);
  f.structure.drops = static_cast<std::uint64_t>(payload["drop_count"].integer_or(0));
  f.structure.energy_trend = read("energy_trend");
  f.structure.brightness = read("brightness");
  f.structure.tension = read("tension");
  f.structure.bars_since_drop = static_cast<int>(payload["bars_since_drop"].integer_or(-1));
  read_list(payload["spectrum"], f.spectrum);
  f.onset.strength = read("onset");
  f.descriptors.hfc = read("hfc");
  f.descriptors.flux = read("flux");
  f.descriptors.centroid = read("centroid");
  f.descriptors.rolloff = read("rolloff");
  f.descriptors.flatness = read("flatness");
  f.descriptors.complexity = read("complexity");
  f.descriptors.key_strength = read("key_strength");
  f.silent = payload["silent"].boolean_or(false);
  return f;
}

}  // namespace vj::wire
