// Sound as it comes in: from a device (PulseAudio, PipeWire, ALSA, CoreAudio, …) or from a file that is played in real
// time, over and over. One channel, written into a ring by a thread of the input's own.
#pragma once

#include <functional>
#include <memory>
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

// What ALSA lists without a sound server is mostly plugins ("null", "samplerate", …), which deliver silence as fast as
// it is taken. What is left is hardware, and "default" where there is any.
[[nodiscard]] std::vector<AudioDevice> without_alsa_plugins(std::vector<AudioDevice> devices);

// "auto": the monitor of the default output, else the default input. Else by id, then by name. kNotFound with the
// reason.
[[nodiscard]] Result<AudioDevice> choose_audio_device(std::string_view wanted, const std::vector<AudioDevice>& devices);

class AudioInput {
 public:
  static constexpr std::string_view kFilePrefix = "file:";

  // Called on the input's thread after samples were written; must not block.
  using Wake = std::function<void()>;

  // `wanted`: "auto", an id, a name, or "file:PATH". The ring must outlive the input. May block for seconds.
  [[nodiscard]] static Result<std::unique_ptr<AudioInput>> open(const std::string& wanted, int sample_rate,
                                                                SampleRing& ring, Wake wake);
  virtual ~AudioInput() = default;

  [[nodiscard]] virtual const AudioDevice& device() const = 0;
  // False once the device has stopped by itself, or the file cannot be read any more. One that hangs is noticed by its
  // ring, which nobody fills. Thread-safe: yes.
  [[nodiscard]] virtual bool running() const = 0;
};

}  // namespace vj::platform
