#include "platform/audio_input.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

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

Result<std::vector<AudioDevice>> audio_devices_within(Duration patience) {
  struct Asked {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<Result<std::vector<AudioDevice>>> devices;
  };
  const auto asked = std::make_shared<Asked>();
  std::thread asker([asked] {
    auto devices = audio_devices();
    const std::lock_guard lock(asked->mutex);
    asked->devices = std::move(devices);
    asked->answered.notify_one();
  });
  std::unique_lock lock(asked->mutex);
  if (!asked->answered.wait_for(lock, patience, [&] { return asked->devices.has_value(); })) {
    asker.detach();
    return fail(ErrorCode::kTimeout, std::string(kServerIsSilent));
  }
  lock.unlock();
  asker.join();
  return std::move(*asked->devices);
}

Result<std::unique_ptr<AudioInput>> AudioInput::open(const std::string& wanted, int sample_rate,
                                                     std::shared_ptr<AudioOutlet> outlet) {
  if (wanted.starts_with(kFilePrefix)) {
    return open_file_input(wanted.substr(kFilePrefix.size()), sample_rate, std::move(outlet));
  }
  return open_device_input(wanted, sample_rate, std::move(outlet));
}

}  // namespace vj::platform
