#include "workers/osc_debugger/senders.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"
#include "osc/address.hpp"
#include "wire/names.hpp"

namespace vj::osc_debugger {

void Senders::update(const bus::RegistrySnapshot& services) {
  const auto before = std::exchange(enabled_by_port_, {});
  std::vector<std::vector<wire::OscTarget>> all;
  for (const auto& service : services.services) {
    const auto port = service.metadata[wire::metadata::kOscPort].integer_or(0);
    if (port <= 0 || port > 65535) continue;
    auto targets = wire::osc_targets_from(service.metadata[wire::metadata::kOscTargets]);
    auto& enabled = enabled_by_port_[static_cast<std::uint16_t>(port)];
    for (const auto& target : targets) {
      if (target.enabled) enabled.push_back(target.name);
    }
    all.push_back(std::move(targets));
  }
  if (enabled_by_port_ != before) strangers_.clear();
  if (all.empty()) {  // nobody sends: as configured is all there is to say
    auto& targets = all.emplace_back();
    for (const auto& target : configured_) {
      targets.push_back({target.name, format("{}:{}", target.host, target.port), target.enabled, ""});
    }
  }
  targets_ = wire::merged(all);
}

bool Senders::is_ours(std::uint16_t port, const std::function<void()>& look) {
  if (enabled_by_port_.contains(port)) return true;
  if (strangers_.contains(port)) return false;
  look();
  if (enabled_by_port_.contains(port)) return true;
  strangers_.insert(port);
  return false;
}

std::string Senders::targets_of(std::uint16_t port, std::string_view address) const {
  std::string names;
  const auto found = enabled_by_port_.find(port);
  if (found == enabled_by_port_.end()) return names;
  for (const auto& name : found->second) {
    const auto target = std::ranges::find(configured_, name, &config::OscTarget::name);
    if (target != configured_.end() && !osc::is_below_any(address, target->filter)) continue;
    if (!names.empty()) names += ',';
    names += name;
  }
  return names.empty() ? "nobody" : names;
}

}  // namespace vj::osc_debugger
