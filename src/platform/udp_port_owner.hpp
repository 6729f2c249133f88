// Who has a UDP port, for the message that says it is taken. Linux only; elsewhere nobody is found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vj::platform {

// "oscdump (pid 1234)"; nothing where no process that we may look into has it.
[[nodiscard]] std::optional<std::string> udp_port_owner(std::uint16_t port);

}  // namespace vj::platform
