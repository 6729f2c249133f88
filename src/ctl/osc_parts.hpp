// What the parts of `vjctl osc` share: where OSC is sent to.
#pragma once

#include <expected>
#include <optional>
#include <vector>

#include "base/command_line.hpp"
#include "base/exit_code.hpp"
#include "config/config.hpp"
#include "ctl/interruptible.hpp"
#include "osc_io/target_switches.hpp"
#include "vj_bus/registry.hpp"
#include "wire/osc_target_payload.hpp"

namespace vj::ctl {

class Session;

// The targets of the configuration, and which of them were switched since.
struct Outgoing {
  config::Osc osc;
  osc_io::TargetSwitches switches;
};
// The exit code where they cannot be read; it has been said why.
[[nodiscard]] std::expected<Outgoing, int> outgoing(Session& session);

// Every target, as those who send to it say, else as it is set.
[[nodiscard]] std::vector<wire::OscTarget> known_targets(const bus::RegistrySnapshot& services, const Outgoing& set);

// Whether anybody listens at a target of this machine: a port that cannot be had has somebody. Nothing is sent. Nothing
// is known of a target elsewhere.
[[nodiscard]] std::optional<bool> has_listener(const std::string& host, std::uint16_t port);

// One word of `vjctl osc` each; the line has that word too, and returns an exit code.
int send_osc(Session& session, const CommandLine& line);
int replay_osc(Session& session, const CommandLine& line);
int osc_target(Session& session, const CommandLine& line);

}  // namespace vj::ctl
