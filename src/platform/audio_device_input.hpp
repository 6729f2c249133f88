// A device as an input, by miniaudio.
#pragma once

#include "platform/audio_input.hpp"

namespace vj::platform {

[[nodiscard]] Result<std::unique_ptr<AudioInput>> open_device_input(const std::string& wanted, int sample_rate,
                                                                    std::shared_ptr<AudioOutlet> outlet);

}  // namespace vj::platform
