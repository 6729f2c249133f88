// What was switched on or off by its name while the system ran: a file in the home, so that it is kept over restarts.
// One a line, as in "off visuals", to be read and mended by hand.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "platform/files.hpp"

namespace vj::platform {

// What is not in here is as the configuration says.
using Switches = std::map<std::string, bool, std::less<>>;

// No file is no switch. A line that says nothing is passed over.
[[nodiscard]] Result<Switches> read_switches(const Path& file);
// By way of a file beside it, so that nobody reads half of them.
[[nodiscard]] Result<void> write_switches(const Path& file, const Switches& switches);

}  // namespace vj::platform
