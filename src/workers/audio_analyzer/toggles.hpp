// The analyzer's toggles: how the configuration has them, and which were switched while the system ran. Those count
// more, and are kept in the home (`audio_features`), so that a worker that crashed turns nothing on that a person had
// switched off. One that is switched back to what the configuration says follows the configuration again.
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
  Toggles(const std::vector<std::string>& configured, const platform::Switches& switched);

  // What is no toggle's name is passed over.
  void apply(const platform::Switches& switches);

  [[nodiscard]] bool operator[](wire::AudioToggle toggle) const { return on_[static_cast<std::size_t>(toggle)]; }
  [[nodiscard]] const std::array<bool, wire::kAudioToggles>& all() const { return on_; }
  [[nodiscard]] audio::FeatureSet features() const;
  // Those that are not as configured.
  [[nodiscard]] platform::Switches switched() const;
  [[nodiscard]] wire::Value to_value() const;

 private:
  std::array<bool, wire::kAudioToggles> configured_{};  // by wire::AudioToggle
  std::array<bool, wire::kAudioToggles> on_{};
};

[[nodiscard]] Result<platform::Switches> read_switched_toggles(const platform::Path& home);
[[nodiscard]] Result<void> write_switched_toggles(const platform::Path& home, const platform::Switches& switches);

}  // namespace vj::audio_analyzer
