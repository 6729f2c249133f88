#include "workers/audio_analyzer/toggles.hpp"

#include <algorithm>

namespace vj::audio_analyzer {

Toggles::Toggles(const std::vector<std::string>& configured) {
  for (std::size_t i = 0; i < on_.size(); ++i) {
    on_[i] = std::ranges::find(configured, wire::kAudioToggleNames[i]) != configured.end();
  }
}

void Toggles::apply(const platform::Switches& switches) {
  for (std::size_t i = 0; i < on_.size(); ++i) {
    if (const auto found = switches.find(wire::kAudioToggleNames[i]); found != switches.end()) on_[i] = found->second;
  }
}

audio::FeatureSet Toggles::features() const {
  using enum wire::AudioToggle;
  const auto& on = *this;
  return {.descriptors = on[kEssentia],
          .pitch = on[kPitch],
          .beat = on[kBeat],
          .structure = on[kStructure],
          .spectrum = on[kSpectrum]};
}

wire::Value Toggles::to_value() const {
  auto value = wire::Value::object();
  for (std::size_t i = 0; i < on_.size(); ++i) value.set(wire::kAudioToggleNames[i], on_[i]);
  return value;
}

}  // namespace vj::audio_analyzer
