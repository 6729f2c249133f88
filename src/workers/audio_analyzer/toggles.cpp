#include "workers/audio_analyzer/toggles.hpp"

#include <algorithm>

namespace vj::audio_analyzer {

namespace {
constexpr std::string_view kFile = "audio_features";
}

Toggles::Toggles(const std::vector<std::string>& configured, const platform::Switches& switched) {
  for (std::size_t i = 0; i < configured_.size(); ++i) {
    configured_[i] = std::ranges::find(configured, wire::kAudioToggleNames[i]) != configured.end();
  }
  on_ = configured_;
  apply(switched);
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

platform::Switches Toggles::switched() const {
  platform::Switches switches;
  for (std::size_t i = 0; i < on_.size(); ++i) {
    if (on_[i] != configured_[i]) switches.emplace(wire::kAudioToggleNames[i], on_[i]);
  }
  return switches;
}

wire::Value Toggles::to_value() const {
  auto value = wire::Value::object();
  for (std::size_t i = 0; i < on_.size(); ++i) value.set(wire::kAudioToggleNames[i], on_[i]);
  return value;
}

Result<platform::Switches> read_switched_toggles(const platform::Path& home) {
  return platform::read_switches(home / kFile);
}

Result<void> write_switched_toggles(const platform::Path& home, const platform::Switches& switches) {
  return platform::write_switches(home / kFile, switches);
}

}  // namespace vj::audio_analyzer
