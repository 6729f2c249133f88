// Finds processes by what /proc tells of them. Zombies are not found: they hold nothing and obey nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/process.hpp"

namespace vj::platform {

// Processes of this user whose environment holds NAME=VALUE as it was when they started.
[[nodiscard]] std::vector<ProcessIdentity> processes_with_environment(const std::string& name,
                                                                      const std::string& value);
// A variable as it was when the process started; nothing also where we may not look.
[[nodiscard]] std::optional<std::string> environment_of(Pid pid, const std::string& name);

// Processes of this user whose name (comm, or the file name of argv[0]) is `name`, whatever the case of its letters.
[[nodiscard]] std::vector<ProcessIdentity> processes_named(const std::string& name);

[[nodiscard]] std::vector<ProcessIdentity> group_members(Pid group);

// The children of this process, the adopted orphans of a subreaper included, zombies too. Linux only; elsewhere none.
[[nodiscard]] std::vector<Pid> child_processes();

// Whether it is there, as the same process of this boot, and no zombie.
[[nodiscard]] bool is_running(const ProcessIdentity& process);

// Its children that are alive and this user's, theirs, and so on; none of one that has gone. Whoever has lost a parent
// hangs on somebody else by then.
[[nodiscard]] std::vector<ProcessIdentity> descendants_of(const ProcessIdentity& ancestor);
// Those of them that have exited and wait to be reaped.
[[nodiscard]] std::vector<Pid> exited_children();

// How long ago the process started, the machine's sleep included.
[[nodiscard]] Duration age_of(const ProcessUsage& usage);

}  // namespace vj::platform
