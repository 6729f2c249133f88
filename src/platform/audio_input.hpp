// Sound as it comes in: from a device (PulseAudio, PipeWire, ALSA, CoreAudio, …) or from a file that is played in real
// time, over and over. One channel, written into a ring by a thread of the input's own.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/sample_ring.hpp"

namespace vj::platform {

struct AudioDevice {
  std::string id;           // for open(), stable over restarts
  std::string name;         // for people
  bool monitor = false;     // hears what an output plays
  bool is_default = false;  // the default input, or the monitor of the default output

  friend bool operator==(const AudioDevice&, const AudioDevice&) = default;
};

// Inputs and monitors, the default ones first. kUnavailable where there is neither a sound server nor a sound card.
// May block for seconds.
[[nodiscard]] Result<std::vector<AudioDevice>> audio_devices();

// The same, but kTimeout where the sound server has not answered in time. The thread that waits for it is left behind.
[[nodiscard]] Result<std::vector<AudioDevice>> audio_devices_within(Duration patience);

inline constexpr std::string_view kServerIsSilent =
    "the sound server does not answer: restart it (PipeWire or PulseAudio); it is taken as soon as it answers";

// What ALSA lists without a sound server is mostly plugins ("null", "samplerate", …), which deliver silence as fast as
// it is taken. What is left is hardware, and "default" where there is any.
[[nodiscard]] std::vector<AudioDevice> without_alsa_plugins(std::vector<AudioDevice> devices);

// "auto": the monitor of the default output, else the default input. Else by id, then by name. kNotFound with the
// reason.
[[nodiscard]] Result<AudioDevice> choose_audio_device(std::string_view wanted, const std::vector<AudioDevice>& devices);

// Where an input writes, and whom it wakes. An input whose sound server hangs can be neither stopped nor closed, and
// may outlive those who opened it: its outlet is shut instead.
class AudioOutlet {
 public:
  // Called on the input's thread after samples were written; must not block.
  using Wake = std::function<void()>;

  // The ring must live until shut() has been called.
  AudioOutlet(SampleRing& ring, Wake wake) : ring_(ring), wake_(std::move(wake)) {}

  // On the input's thread. Real-time safe: yes, it waits for nobody.
  void write(std::span<const float> samples, Time captured_at) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || shut_) return;
    ring_.write(samples, captured_at);
    wake_();
  }

  // Nothing is written any more when this has returned. Thread-safe: yes.
  void shut() {
    const std::lock_guard lock(mutex_);
    shut_ = true;
  }

 private:
  SampleRing& ring_;
  Wake wake_;
  std::mutex mutex_;
  bool shut_ = false;
};

class AudioInput {
 public:
  static constexpr std::string_view kFilePrefix = "file:";

  // `wanted`: "auto", an id, a name, or "file:PATH". May block for seconds, and where a sound server hangs for as long
  // as that; so may closing it.
  [[nodiscard]] static Result<std::unique_ptr<AudioInput>> open(const std::string& wanted, int sample_rate,
                                                                std::shared_ptr<AudioOutlet> outlet);
  virtual ~AudioInput() = default;

  [[nodiscard]] virtual const AudioDevice& device() const = 0;
  // False once the device has stopped by itself, or the file cannot be read any more. One that hangs is noticed by its
  // ring, which nobody fills. Thread-safe: yes.
  [[nodiscard]] virtual bool running() const = 0;
};

}  // namespace vj::platform
