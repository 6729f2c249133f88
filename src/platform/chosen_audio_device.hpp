// The audio input that somebody chose while the system ran: a file in the home, so that it is kept over restarts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/files.hpp"

namespace vj::platform {

// Whether it can be the name of one: not blank, on one line, without control characters.
[[nodiscard]] bool is_audio_device_name(std::string_view text);

// Nothing where nobody chose: the configuration's counts then.
[[nodiscard]] Result<std::optional<std::string>> read_chosen_audio_device(const Path& home);
// An empty one forgets the choice.
[[nodiscard]] Result<void> write_chosen_audio_device(const Path& home, std::string_view device);

}  // namespace vj::platform
