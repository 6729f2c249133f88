// Turns errno into an Error. Private to platform/: errno does not leave this folder.
#pragma once

#include <cerrno>
#include <string>

#include "base/result.hpp"

namespace vj::platform {

// "<what>: <the system's words for `error`>", with the code that fits best.
[[nodiscard]] std::unexpected<Error> system_failure(std::string what, int error = errno);

}  // namespace vj::platform
