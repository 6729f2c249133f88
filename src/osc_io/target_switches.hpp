// Which targets were switched on or off while the system ran: the file `osc_targets` in the home.
#pragma once

#include "platform/switches.hpp"

namespace vj::osc_io {

// By target.
using TargetSwitches = platform::Switches;

[[nodiscard]] Result<TargetSwitches> read_target_switches(const platform::Path& home);
[[nodiscard]] Result<void> write_target_switches(const platform::Path& home, const TargetSwitches& switches);

}  // namespace vj::osc_io
