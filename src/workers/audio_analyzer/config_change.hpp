// What a set_config asks of the analyzer: all of it is read and found to be possible before any of it is done. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "osc_io/sender.hpp"
#include "platform/switches.hpp"
#include "wire/value.hpp"

namespace vj::audio_analyzer {

struct ConfigChange {
  std::optional<std::string> device;
  platform::Switches features;
  osc_io::TargetSwitches targets;
};

// {"device": "auto", "features": {"pitch": false}, "osc_targets": {"visuals": false}}, each of them or none. kInvalid,
// in words for a person, for another key, and for a value that cannot be.
[[nodiscard]] Result<ConfigChange> config_change_from(const wire::Value& changes,
                                                      const std::vector<osc_io::TargetState>& targets);

// Those that a set_features, or the features of a set_config, switch.
[[nodiscard]] Result<platform::Switches> feature_switches_from(const wire::Value& asked);

}  // namespace vj::audio_analyzer
