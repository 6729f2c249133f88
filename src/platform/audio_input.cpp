#include "platform/audio_input.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "platform/audio_device_input.hpp"
#include "platform/audio_file_input.hpp"

namespace vj::platform {

Result<AudioDevice> choose_audio_device(std::string_view wanted, const std::vector<AudioDevice>& devices) {
  if (wanted.empty() || wanted == "auto") {
    for (const bool monitor : {true, false}) {
      const auto found = std::ranges::find_if(
          devices, [&](const AudioDevice& device) { return device.is_default && device.monitor == monitor; });
      if (found != devices.end()) return *found;
    }
    if (!devices.empty()) return devices.front();
    return fail(ErrorCode::kNotFound, "there is no audio input: no monitor of an output, and no microphone");
  }
  for (const auto& device : devices) {
    if (device.id == wanted) return device;
  }
  for (const auto& device : devices) {
    if (equal_ignoring_case(device.name, wanted)) return device;
  }
  return fail(ErrorCode::kNotFound, vj::format("there is no audio input '{}' (vjctl devices lists them)", wanted));
}

Result<std::unique_ptr<AudioInput>> AudioInput::open(const std::string& wanted, int sample_rate, SampleRing& ring,
                                                     Wake wake) {
  if (wanted.starts_with(kFilePrefix)) {
    return open_file_input(wanted.substr(kFilePrefix.size()), sample_rate, ring, std::move(wake));
  }
  return open_device_input(wanted, sample_rate, ring, std::move(wake));
}

}  // namespace vj::platform
