// A file as an input: played in real time, over and over.
#pragma once

#include "platform/audio_input.hpp"

namespace vj::platform {

[[nodiscard]] Result<std::unique_ptr<AudioInput>> open_file_input(const std::string& path, int sample_rate,
                                                                  std::shared_ptr<AudioOutlet> outlet);

}  // namespace vj::platform
