#include "osc_out/osc_output.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "wire/names.hpp"
#include "wire/osc_target_payload.hpp"

namespace vj::osc_out {
namespace {

using wire::Value;

osc_io::TargetSwitches switches_in(const platform::Path& home, platform::Logger& log) {
  auto switches = osc_io::read_target_switches(home);
  if (switches) return std::move(*switches);
  log.error("{}; every OSC target is as the configuration says", switches.error().message);
  return {};
}

}  // namespace

OscOutput::OscOutput(platform::EventLoop& loop, platform::Logger& log, const platform::Path& home,
                     const config::Osc& osc, SetMetadata set_metadata)
    : log_(log),
      set_metadata_(std::move(set_metadata)),
      sender_(loop, osc, switches_in(home, log), [this] { tell(); }),
      configured_tap_(osc.tap) {
  tell();
}

void OscOutput::tell() {
  set_metadata_(wire::metadata::kOscPort, sender_.port());
  set_metadata_(wire::metadata::kOscTargets, targets_value(sender_.targets()));
}

void OscOutput::see(const bus::RegistrySnapshot& services) { sender_.set_tap(tap_in(services, configured_tap_)); }

Result<void> OscOutput::set_config(const Value& changes) {
  const auto* switches = changes["osc_targets"].members();
  if (switches == nullptr) return {};
  const auto targets = sender_.targets();
  for (const auto& [name, on] : *switches) {
    const bool is_known = std::ranges::find(targets, name, &osc_io::TargetState::name) != targets.end();
    if (!is_known) return fail(ErrorCode::kInvalid, format("no OSC target '{}' here", name));
    if (!on.is_boolean())
      return fail(ErrorCode::kInvalid, format("OSC target '{}' is switched by true or false", name));
  }
  for (const auto& [name, on] : *switches) {
    if (const auto switched = sender_.switch_target(name, on.boolean_or(true)); !switched) return switched;
    log_.info("OSC target {} switched {}", name, on.boolean_or(true) ? "on" : "off");
  }
  return {};
}

Value targets_value(const std::vector<osc_io::TargetState>& targets) {
  std::vector<wire::OscTarget> told;
  for (const auto& target : targets) told.push_back({target.name, target.address, target.enabled, target.problem});
  return wire::to_value(told);
}

std::uint16_t tap_in(const bus::RegistrySnapshot& services, std::uint16_t configured) {
  const auto* debugger = services.find(wire::service::kOscDebugger);
  const auto port = debugger == nullptr ? 0 : debugger->metadata[wire::metadata::kOscTap].integer_or(0);
  return port > 0 && port <= 65535 ? static_cast<std::uint16_t>(port) : configured;
}

}  // namespace vj::osc_out
