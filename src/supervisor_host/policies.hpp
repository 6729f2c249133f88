// What the configuration grants a worker, as supervision takes it.
#pragma once

#include "config/config.hpp"
#include "supervision/policy.hpp"

namespace vj::supervisor_host {

[[nodiscard]] supervision::Policy policy_of(const config::Worker& worker, bool auto_heal);

}  // namespace vj::supervisor_host
