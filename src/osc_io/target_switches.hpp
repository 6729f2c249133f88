// Which targets were switched on or off while the system ran: a file in the home, so that it is kept over restarts.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "platform/files.hpp"

namespace vj::osc_io {

// By target; a target that is not in here is as the configuration says.
using TargetSwitches = std::map<std::string, bool, std::less<>>;

// No file is no switch. A line that says nothing is passed over.
[[nodiscard]] Result<TargetSwitches> read_target_switches(const platform::Path& home);
[[nodiscard]] Result<void> write_target_switches(const platform::Path& home, const TargetSwitches& switches);

}  // namespace vj::osc_io
