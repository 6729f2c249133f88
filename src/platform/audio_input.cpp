#include "platform/audio_input.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "platform/audio_device_input.hpp"
#include "platform/audio_file_input.hpp"

namespace vj::platform {
namespace {

constexpr std::string_view kHowToGetOne =
    "start PipeWire or PulseAudio, or plug one in; it is taken as soon as it is there";

}  // namespace

std::vector<AudioDevice> without_alsa_plugins(std::vector<AudioDevice> devices) {
  // "hw:0,0", which miniaudio writes as ":0,0"
  const auto is_hardware = [](const AudioDevice& device) { return device.id.find(':') != std::string::npos; };
  const bool any = std::ranges::any_of(devices, is_hardware);
  std::erase_if(devices,
                [&](const AudioDevice& device) { return !is_hardware(device) && !(any && device.id == "default"); });
  return devices;
}

Result<AudioDevice> choose_audio_device(std::string_view wanted, const std::vector<AudioDevice>& devices) {
  if (wanted.empty() || wanted == "auto") {
    for (const bool monitor : {true, false}) {
      const auto found = std::ranges::find_if(
          devices, [&](const AudioDevice& device) { return device.is_default && device.monitor == monitor; });
      if (found != devices.end()) return *found;
    }
    if (!devices.empty()) return devices.front();
    return fail(ErrorCode::kNotFound, vj::format("there is no audio input: {}", kHowToGetOne));
  }
  for (const auto& device : devices) {
    if (device.id == wanted) return device;
  }
  for (const auto& device : devices) {
    if (equal_ignoring_case(device.name, wanted)) return device;
  }
  if (devices.empty()) {
    return fail(ErrorCode::kNotFound,
                vj::format("there is no audio input at all, so no '{}' either: {}", wanted, kHowToGetOne));
  }
  return fail(ErrorCode::kNotFound, vj::format("there is no audio input '{}'", wanted));
}

Result<std::unique_ptr<AudioInput>> AudioInput::open(const std::string& wanted, int sample_rate, SampleRing& ring,
                                                     Wake wake) {
  if (wanted.starts_with(kFilePrefix)) {
    return open_file_input(wanted.substr(kFilePrefix.size()), sample_rate, ring, std::move(wake));
  }
  return open_device_input(wanted, sample_rate, ring, std::move(wake));
}

}  // namespace vj::platform
