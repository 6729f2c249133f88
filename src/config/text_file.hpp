// Reads a file that a person wrote. It never waits: a folder, a FIFO or a device in its place is refused. The errors
// say why and leave it to the caller to name the file.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace vj::config {

// kNotFound where there is none.
[[nodiscard]] Result<std::filesystem::file_status> regular_file_status(const std::filesystem::path& file);

// Of what is known to be a regular file.
[[nodiscard]] Result<std::string> read_whole_file(const std::filesystem::path& file);

}  // namespace vj::config
