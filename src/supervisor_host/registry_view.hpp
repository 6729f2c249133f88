// What supervision reads out of a registry entry.
#pragma once

#include <optional>

#include "supervision/event.hpp"
#include "vj_bus/registry.hpp"

namespace vj::supervisor_host {

// The heartbeat in an entry that has changed since `before`; nothing if it is the same. An entry that tells its beat on
// the monotonic clock is believed; of any other only the change counts, because the wall clock may have been set.
[[nodiscard]] std::optional<supervision::Heartbeat> heartbeat_of(const bus::ServiceEntry& entry,
                                                                 const std::optional<bus::ServiceEntry>& before,
                                                                 supervision::Generation generation, Time now);

// When it beat, by the monotonic clock; nothing where it does not tell.
[[nodiscard]] std::optional<Time> beat_of(const bus::ServiceEntry& entry, Time now);

// The work loop's counter, where it has one.
[[nodiscard]] std::optional<std::uint64_t> progress_of(const bus::ServiceEntry& entry);

// Whether the process of that number has started after the entry was made, and so is another one. For entries that tell
// no start time.
[[nodiscard]] bool is_younger_than_entry(const bus::ServiceEntry& entry);

}  // namespace vj::supervisor_host
