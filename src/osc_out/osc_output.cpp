#include "osc_out/osc_output.hpp"

#include "wire/names.hpp"
#include "wire/osc_target_payload.hpp"
#include "wire/switches_payload.hpp"

namespace vj::osc_out {
namespace {

using wire::Value;

constexpr std::string_view kTargets = "osc_targets";  // in a set_config

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
  if (!changes.contains(kTargets)) return {};
  const auto switches = target_switches_from(changes[kTargets], sender_.targets());
  if (!switches) return std::unexpected(switches.error());
  for (const auto& [name, on] : *switches) {
    if (const auto switched = sender_.switch_target(name, on); !switched) return switched;
    log_.info("OSC target {} switched {}", name, on ? "on" : "off");
  }
  return {};
}

Result<osc_io::TargetSwitches> target_switches_from(const Value& asked,
                                                    const std::vector<osc_io::TargetState>& targets) {
  std::vector<std::string_view> names;
  names.reserve(targets.size());
  for (const auto& target : targets) names.emplace_back(target.name);
  return wire::switches_from(asked, "OSC target", names);
}

Value targets_value(const std::vector<osc_io::TargetState>& targets) {
  std::vector<wire::OscTarget> told;
  told.reserve(targets.size());
  for (const auto& target : targets) told.push_back({target.name, target.address, target.enabled, target.problem});
  return wire::to_value(told);
}

std::uint16_t tap_in(const bus::RegistrySnapshot& services, std::uint16_t configured) {
  const auto* debugger = services.find(wire::service::kOscDebugger);
  const auto port = debugger == nullptr ? 0 : debugger->metadata[wire::metadata::kOscTap].integer_or(0);
  return port > 0 && port <= 65535 ? static_cast<std::uint16_t>(port) : configured;
}

}  // namespace vj::osc_out
