// What supervision announces, as a message on events.lifecycle.
#pragma once

#include <optional>
#include <string_view>

#include "supervision/action.hpp"
#include "wire/worker_payload.hpp"

namespace vj::supervisor_host {

// Nothing for what is only logged.
[[nodiscard]] std::optional<wire::LifecycleEvent> lifecycle_event(std::string_view worker,
                                                                  const supervision::Happening& what);

}  // namespace vj::supervisor_host
