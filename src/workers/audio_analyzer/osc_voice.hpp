// Features as OSC messages, by the OSC reference: which addresses are due in a hop, with what values. Every packet is
// built once and patched; nothing is allocated but where a key changes. Belongs to one thread.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "audio/features.hpp"
#include "base/time.hpp"
#include "osc/prepared_message.hpp"

namespace vj::audio_analyzer {

class OscVoice {
 public:
  OscVoice();

  using Messages = std::span<const std::string_view>;

  // After a hop that ended at `now`. What any of these returns is valid until the next call of any; parts that are off
  // have no messages.
  // What happens and cannot wait: beats, onsets, changes of tempo, structure and key. A part that was switched off
  // since the last call says once more what is said of silence, so that no receiver holds its last values.
  [[nodiscard]] Messages events(const audio::Features& features, const audio::FeatureSet& on, Time now);
  // What moves all the time: levels, spectrum, phase, pitch, structure, descriptors. Call it when all have moved, every
  // second hop: 86 times a second or, at 48 kHz, 94; more than any screen shows, at half of what each hop would cost.
  [[nodiscard]] Messages streams(const audio::Features& features, const audio::FeatureSet& on, Time now);

  // Where no hops come any more: what is said of silence, of every part that is on, once; then, some five times a
  // second, what is due though nothing is heard.
  [[nodiscard]] Messages silence(const audio::FeatureSet& on, Time now);
  [[nodiscard]] Messages still_silent(const audio::FeatureSet& on, Time now);

 private:
  void close(const audio::FeatureSet& parts, Time now);
  void levels(const audio::Levels& levels);
  void spectrum(const std::array<float, audio::kSpectrumBins>& bins);
  void phase(const audio::Beat& beat);
  void pitch(const audio::Pitch& pitch);
  void beat(const audio::Beat& beat, Time now);
  void say_beat(const audio::Beat& beat);
  void tempo(const audio::Beat& beat, Time now);
  void say_tempo(const audio::Beat& beat, Time now);
  void structure(const audio::Structure& structure, Time now);
  void descriptors(const audio::Descriptors& descriptors);
  void key(const audio::Descriptors& descriptors);
  void say(const osc::PreparedMessage& message) { due_.push_back(message.bytes()); }

  osc::PreparedMessage pulse_, levels_, spectrum_, beat_, phase_, bpm_, onset_, pitch_, structure_, descriptors_, key_;
  std::vector<std::string_view> due_;
  // Nothing was said yet, and so there is nothing to close.
  audio::FeatureSet on_{.descriptors = false, .pitch = false, .beat = false, .structure = false, .spectrum = false};
  bool beat_held_ = false;  // the 1 of /audio/beat has been said, its 0 not yet
  Time beat_said_, bpm_said_, structure_said_;
  float last_bpm_ = -1, last_confidence_ = -1;
  bool last_build_up_ = false;
  std::string_view last_key_;
};

}  // namespace vj::audio_analyzer
