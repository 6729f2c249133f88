// Sets aside a log file that other processes go on writing to: they inherited it, so it cannot be replaced under them,
// only emptied. They must have opened it for appending.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "platform/files.hpp"

namespace vj::platform {

// Moves what `path` holds to PATH.1 (that to .2, and so on up to `files`) and empties `path`. Keeps the newest
// `longest` bytes. Returns how many bytes were cut instead, those included that came while it was being emptied, as far
// as they can be seen.
[[nodiscard]] Result<std::uint64_t> rotate_in_place(const Path& path, std::uint64_t longest, int files);

// At most the last `longest` bytes of the file.
[[nodiscard]] Result<std::string> read_tail(const Path& path, std::size_t longest);

}  // namespace vj::platform
