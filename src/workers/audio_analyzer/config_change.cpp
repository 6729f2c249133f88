#include "workers/audio_analyzer/config_change.hpp"

#include <utility>

#include "base/format.hpp"
#include "osc_out/osc_output.hpp"
#include "platform/chosen_audio_device.hpp"
#include "wire/audio_stats_payload.hpp"
#include "wire/switches_payload.hpp"

namespace vj::audio_analyzer {

Result<platform::Switches> feature_switches_from(const wire::Value& asked) {
  return wire::switches_from(asked, "feature", wire::kAudioToggleNames);
}

Result<ConfigChange> config_change_from(const wire::Value& changes, const std::vector<osc_io::TargetState>& targets) {
  ConfigChange change;
  const auto take = [](Result<platform::Switches> switches, platform::Switches& into) -> Result<void> {
    if (!switches) return std::unexpected(std::move(switches.error()));
    into = std::move(*switches);
    return {};
  };
  for (const auto& [key, value] : changes.members() ? *changes.members() : wire::Value::Members()) {
    Result<void> taken;
    if (key == "device") {
      const auto* device = value.string();
      if (device == nullptr || !platform::is_audio_device_name(*device))
        return fail(ErrorCode::kInvalid, R"('device' must be a string: "auto", an id, a name or "file:PATH")");
      change.device = *device;
    } else if (key == "features") {
      taken = take(feature_switches_from(value), change.features);
    } else if (key == "osc_targets") {
      taken = take(osc_out::target_switches_from(value, targets), change.targets);
    } else if (key == "sample_rate") {
      return fail(ErrorCode::kInvalid,
                  "'sample_rate' cannot be set while running: change it in the configuration file, then restart "
                  "audio_analyzer");
    } else {
      return fail(ErrorCode::kInvalid,
                  format("'{}' cannot be set while running; what can are device, features, osc_targets", key));
    }
    if (!taken) return std::unexpected(std::move(taken.error()));
  }
  return change;
}

}  // namespace vj::audio_analyzer
