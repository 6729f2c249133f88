// The commands of vjctl. Each group of them has a file of its own; this is the table that main looks into.
#pragma once

#include <vector>

#include "ctl/arguments.hpp"

namespace vj::ctl {

[[nodiscard]] std::vector<CommandSpec> status_commands();
[[nodiscard]] std::vector<CommandSpec> control_commands();
[[nodiscard]] std::vector<CommandSpec> bus_commands();
[[nodiscard]] std::vector<CommandSpec> log_commands();
[[nodiscard]] std::vector<CommandSpec> osc_commands();
[[nodiscard]] std::vector<CommandSpec> config_commands();
[[nodiscard]] std::vector<CommandSpec> audio_commands();
[[nodiscard]] std::vector<CommandSpec> doctor_commands();

[[nodiscard]] std::vector<CommandSpec> all_commands();

}  // namespace vj::ctl
