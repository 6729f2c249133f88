// The analyzer's toggles, which the configuration sets and a person switches while the system runs.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "audio/features.hpp"
#include "platform/switches.hpp"
#include "wire/audio_stats_payload.hpp"

namespace vj::audio_analyzer {

class Toggles {
 public:
  // `configured`: the names of those that are on.
  explicit Toggles(const std::vector<std::string>& configured);

  // What is no toggle's name is passed over.
  void apply(const platform::Switches& switches);

  [[nodiscard]] bool operator[](wire::AudioToggle toggle) const { return on_[static_cast<std::size_t>(toggle)]; }
  [[nodiscard]] const std::array<bool, wire::kAudioToggles>& all() const { return on_; }
  [[nodiscard]] audio::FeatureSet features() const;
  [[nodiscard]] wire::Value to_value() const;

 private:
  std::array<bool, wire::kAudioToggles> on_{};  // by wire::AudioToggle
};

}  // namespace vj::audio_analyzer
