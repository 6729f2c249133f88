#include "platform/audio_device_input.hpp"

#define MA_NO_DECODING
#define MA_NO_ENCODING
#define MA_NO_GENERATION
#define MA_NO_ENGINE
#define MA_NO_NODE_GRAPH
#define MA_NO_RESOURCE_MANAGER
#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include <miniaudio.h>

#include "base/format.hpp"

namespace vj::platform {

namespace {

constexpr ma_uint32 kPeriod = 256;
constexpr ma_uint32 kPeriods = 2;

// Not miniaudio's null device: silence that looks like a working input would be a lie.
constexpr std::array kBackends{ma_backend_wasapi, ma_backend_coreaudio, ma_backend_pulseaudio, ma_backend_alsa,
                               ma_backend_jack,   ma_backend_sndio,     ma_backend_audio4,     ma_backend_oss};

struct Context {
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    if (open) ma_context_uninit(&context);
  }
  ma_context context{};
  bool open = false;
};

Result<std::unique_ptr<Context>> open_context() {
  auto config = ma_context_config_init();
  config.pulse.pApplicationName = "VJ Console";
  config.pulse.tryAutoSpawn = MA_FALSE;
  auto context = std::make_unique<Context>();
  const auto outcome = ma_context_init(kBackends.data(), kBackends.size(), &config, &context->context);
  if (outcome != MA_SUCCESS) {
    return fail(
        ErrorCode::kUnavailable,
        vj::format("there is no sound server and no sound card ({}): start PipeWire or PulseAudio; it is taken as "
                   "soon as it is there",
                   ma_result_description(outcome)));
  }
  context->open = true;
  return context;
}

std::string id_text(const ma_context& context, const ma_device_id& id) {
  switch (context.backend) {
    case ma_backend_pulseaudio:
      return id.pulse;
    case ma_backend_alsa:
      return id.alsa;
    case ma_backend_coreaudio:
      return id.coreaudio;
    case ma_backend_jack:
      return vj::format("jack:{}", id.jack);
    case ma_backend_oss:
      return id.oss;
    case ma_backend_audio4:
      return id.audio4;
    case ma_backend_sndio:
      return id.sndio;
    default:
      return {};
  }
}

struct Listed {
  AudioDevice device;
  ma_device_id id;
};

std::vector<AudioDevice> devices_of(const std::vector<Listed>& listed) {
  std::vector<AudioDevice> devices;
  devices.reserve(listed.size());
  for (const auto& entry : listed) devices.push_back(entry.device);
  return devices;
}

Result<std::vector<Listed>> list(ma_context& context) {
  ma_device_info* outputs = nullptr;
  ma_device_info* inputs = nullptr;
  ma_uint32 output_count = 0, input_count = 0;
  const auto outcome = ma_context_get_devices(&context, &outputs, &output_count, &inputs, &input_count);
  if (outcome != MA_SUCCESS) {
    return fail(ErrorCode::kUnavailable, vj::format("cannot list audio devices: {}", ma_result_description(outcome)));
  }
  // PulseAudio and PipeWire have a source NAME.monitor for each sink NAME.
  std::string default_monitor;
  for (ma_uint32 i = 0; i < output_count; ++i) {
    if (outputs[i].isDefault) default_monitor = id_text(context, outputs[i].id) + ".monitor";
  }
  std::vector<Listed> listed;
  for (ma_uint32 i = 0; i < input_count; ++i) {
    const auto id = id_text(context, inputs[i].id);
    const bool monitor = context.backend == ma_backend_pulseaudio && id.ends_with(".monitor");
    listed.push_back({.device = {.id = id.empty() ? inputs[i].name : id,
                                 .name = inputs[i].name,
                                 .monitor = monitor,
                                 .is_default = monitor ? id == default_monitor : inputs[i].isDefault == MA_TRUE},
                      .id = inputs[i].id});
  }
  if (context.backend == ma_backend_alsa) {
    const auto real = without_alsa_plugins(devices_of(listed));
    std::erase_if(listed, [&](const Listed& entry) { return std::ranges::find(real, entry.device) == real.end(); });
  }
  std::ranges::stable_sort(listed, [](const Listed& a, const Listed& b) {
    const auto rank = [](const AudioDevice& d) { return (d.is_default ? 0 : 2) + (d.monitor ? 0 : 1); };
    return rank(a.device) < rank(b.device);
  });
  return listed;
}

class DeviceInput final : public AudioInput {
 public:
  DeviceInput(std::unique_ptr<Context> context, AudioDevice device, std::shared_ptr<AudioOutlet> outlet)
      : context_(std::move(context)), device_(std::move(device)), outlet_(std::move(outlet)) {}
  ~DeviceInput() override {
    if (!started_) return;
    // Without the stop, ma_device_uninit() waits for a thread that waits for a word from the sound server: for ever,
    // when the server has died.
    (void)ma_device_stop(&handle_);
    ma_device_uninit(&handle_);
  }
  DeviceInput(const DeviceInput&) = delete;
  DeviceInput& operator=(const DeviceInput&) = delete;

  Result<void> start(const ma_device_id& id, int sample_rate) {
    auto config = ma_device_config_init(ma_device_type_capture);
    config.capture.pDeviceID = &id;
    config.capture.format = ma_format_f32;
    config.capture.channels = 1;  // miniaudio mixes, in the callback's thread
    config.sampleRate = static_cast<ma_uint32>(sample_rate);
    config.periodSizeInFrames = kPeriod;
    config.periods = kPeriods;
    config.performanceProfile = ma_performance_profile_low_latency;
    config.noClip = MA_TRUE;
    config.pulse.pStreamNameCapture = "audio analysis";
    config.pUserData = this;
    config.dataCallback = [](ma_device* device, void*, const void* samples, ma_uint32 count) {
      static_cast<DeviceInput*>(device->pUserData)->take({static_cast<const float*>(samples), count});
    };
    config.notificationCallback = [](const ma_device_notification* what) {
      if (what->type == ma_device_notification_type_stopped) {
        static_cast<DeviceInput*>(what->pDevice->pUserData)->running_ = false;
      }
    };
    auto outcome = ma_device_init(&context_->context, &config, &handle_);
    if (outcome == MA_SUCCESS) {
      started_ = running_ = true;
      outcome = ma_device_start(&handle_);
    }
    if (outcome != MA_SUCCESS) {
      return fail(ErrorCode::kUnavailable,
                  vj::format("cannot open '{}': {}", device_.name, ma_result_description(outcome)));
    }
    return {};
  }

  [[nodiscard]] const AudioDevice& device() const override { return device_; }
  [[nodiscard]] bool running() const override { return running_; }

 private:
  void take(std::span<const float> samples) { outlet_->write(samples, std::chrono::steady_clock::now()); }

  std::unique_ptr<Context> context_;
  AudioDevice device_;
  std::shared_ptr<AudioOutlet> outlet_;
  ma_device handle_{};
  bool started_ = false;
  std::atomic<bool> running_{false};
};

}  // namespace

Result<std::vector<AudioDevice>> audio_devices() {
  auto context = open_context();
  if (!context) return std::unexpected(context.error());
  const auto listed = list((*context)->context);
  if (!listed) return std::unexpected(listed.error());
  return devices_of(*listed);
}

Result<std::unique_ptr<AudioInput>> open_device_input(const std::string& wanted, int sample_rate,
                                                      std::shared_ptr<AudioOutlet> outlet) {
  auto context = open_context();
  if (!context) return std::unexpected(context.error());
  const auto listed = list((*context)->context);
  if (!listed) return std::unexpected(listed.error());
  const auto chosen = choose_audio_device(wanted, devices_of(*listed));
  if (!chosen) return std::unexpected(chosen.error());
  const auto entry =
      std::ranges::find_if(*listed, [&](const Listed& candidate) { return candidate.device.id == chosen->id; });
  auto input = std::make_unique<DeviceInput>(std::move(*context), *chosen, std::move(outlet));
  const auto started = input->start(entry->id, sample_rate);
  if (!started) return std::unexpected(started.error());
  return input;
}

}  // namespace vj::platform
