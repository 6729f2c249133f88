// The files of "analyze --out": which ones they are, and how they are written; and how file names are shown.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/files.hpp"

namespace vj::ctl {

// What the results of a sound file are called: "drop" for "sets/drop.wav".
[[nodiscard]] std::string result_name(const std::string& sound_file);

// Why these cannot all be analyzed into one folder: the results of two of them have the same name. Nothing if they can.
[[nodiscard]] std::optional<std::string> result_clash(std::span<const std::string> sound_files);

// Replaces the file by way of one beside it, so that nobody reads half of it. Who may read it is for the umask to say,
// for it is the user's own, not one of the home. Made by rename(2) as POSIX has it.
[[nodiscard]] Result<void> write_result_file(const platform::Path& path, std::string_view text);

// Text with a file's name in it as a terminal may show it: a control character as "\n", "\t" or "\x1b", the rest as
// printable() has it.
[[nodiscard]] std::string with_escapes(std::string_view text);

}  // namespace vj::ctl
