// The workers and apps that every configuration has, and the numbers of their ports.
#pragma once

#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace vj::config {

// As the table of the bus protocol has them: 0 is the process manager, 1 to 7 belong to the built-in workers.
inline constexpr int kFirstAddedPort = 8;

// Without ports: assign_ports() gives them, because they count from the bus section's base.
[[nodiscard]] std::vector<Worker> built_in_workers();

// The place of a built-in worker in the port table; absent for all others.
[[nodiscard]] std::optional<int> port_number(std::string_view worker);

// Gives every worker without ports the ones of its place in the table, added ones the next pair that nobody names.
void assign_ports(std::vector<Worker>& workers, const Bus& bus);

}  // namespace vj::config
