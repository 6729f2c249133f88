// Our own services that send OSC, as the registry tells them: whose copies arrive at the tap, and for which targets
// they were. Everything else that arrives comes from outside.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "vj_bus/registry.hpp"
#include "wire/osc_target_payload.hpp"

namespace vj::osc_debugger {

class Senders {
 public:
  explicit Senders(std::vector<config::OscTarget> configured) : configured_(std::move(configured)) {}

  void update(const bus::RegistrySnapshot& services);

  // Whether a service says that its copies come from this port of this machine. One that has just started may have sent
  // before its entry was seen, so a port that nobody claims is worth one look, which calls update(), and no more until
  // what services claim has changed.
  [[nodiscard]] bool is_ours(std::uint16_t port, const std::function<void()>& look);
  // The targets that a message of that sender was for: "visuals,resolume"; "nobody" where no target wants it.
  [[nodiscard]] std::string targets_of(std::uint16_t port, std::string_view address) const;

  // Every target, with what is wrong with it.
  [[nodiscard]] const std::vector<wire::OscTarget>& targets() const { return targets_; }

 private:
  std::vector<config::OscTarget> configured_;
  std::map<std::uint16_t, std::vector<std::string>> enabled_by_port_;
  std::set<std::uint16_t> strangers_;  // ports that no service claimed at the last look
  std::vector<wire::OscTarget> targets_;
};

}  // namespace vj::osc_debugger
