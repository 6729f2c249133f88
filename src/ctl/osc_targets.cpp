// osc target: what targets there are, and switching one on or off, now and for later.
#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "ctl/osc_parts.hpp"
#include "ctl/osc_view.hpp"
#include "ctl/session.hpp"
#include "platform/udp.hpp"
#include "vj_bus/registry.hpp"
#include "wire/json.hpp"
#include "wire/names.hpp"

namespace vj::ctl {

std::vector<wire::OscTarget> known_targets(const bus::RegistrySnapshot& services, const Outgoing& set) {
  std::vector<std::vector<wire::OscTarget>> all;
  for (const auto& service : services.services) {
    if (service.metadata.contains(wire::metadata::kOscPort) && bus::is_alive(service)) {
      all.push_back(wire::osc_targets_from(service.metadata[wire::metadata::kOscTargets]));
    }
  }
  auto& configured = all.emplace_back();
  for (const auto& target : set.osc.targets) {
    const auto found = set.switches.find(target.name);
    configured.push_back({target.name, format("{}:{}", target.host, target.port),
                          found == set.switches.end() ? target.enabled : found->second, ""});
  }
  return wire::merged(all);
}

std::optional<bool> has_listener(const std::string& host, std::uint16_t port_number) {
  const auto address = platform::UdpAddress::resolve(host, port_number);
  if (!address || !address->is_loopback()) return std::nullopt;
  const auto port = platform::UdpReceiver::bind(*address);
  return !port && port.error().code == ErrorCode::kConflict;
}

namespace {

int list_targets(Session& session) {
  const auto set = outgoing(session);
  if (!set) return set.error();
  const auto services = bus::Registry(session.home()).read().value_or(bus::RegistrySnapshot());
  const auto targets = known_targets(services, *set);
  session.print(session.json() ? wire::to_json(wire::to_value(targets)) + '\n' : target_table(targets));
  return kExitDone;
}

int switch_target(Session& session, const std::string& name, bool on) {
  auto set = outgoing(session);
  if (!set) return set.error();
  const auto& targets = set->osc.targets;
  if (std::ranges::find(targets, name, &config::OscTarget::name) == targets.end()) {
    std::string names;
    for (const auto& target : targets) names += (names.empty() ? "" : ", ") + target.name;
    return session.wrong_usage(format("no OSC target '{}'; there are {}", printable(name), names));
  }
  set->switches.insert_or_assign(name, on);
  if (const auto written = osc_io::write_target_switches(session.home(), set->switches); !written) {
    session.complain(written.error().message);
    return kExitFailed;
  }
  const auto services = bus::Registry(session.home()).read().value_or(bus::RegistrySnapshot());
  const auto changes =
      wire::Value::object({{"config", wire::Value::object({{"osc_targets", wire::Value::object({{name, on}})}})}});
  int code = kExitDone;
  std::string told;
  for (const auto& service : services.services) {
    if (!service.metadata.contains(wire::metadata::kOscPort) || !bus::is_alive(service)) continue;
    const auto response = session.ask(service.name, wire::command::kSetConfig, changes);
    if (response && response->status == wire::Status::kOk) {
      told += (told.empty() ? "" : ", ") + service.name;
      continue;
    }
    session.complain(format("{} did not switch it: {}", service.name,
                            response ? response->error.value_or("no reason given") : response.error().message));
    code = kExitFailed;
  }
  if (session.json()) {
    session.print_line(wire::to_json(wire::Value::object({{"name", name}, {"enabled", on}})));
  } else {
    session.print_line(format("{} is {} ({})", name, on ? "on" : "off",
                              told.empty() ? "nobody sends OSC now; kept for later" : "told " + told));
  }
  return code;
}

}  // namespace

int osc_target(Session& session, const CommandLine& line) {
  if (line.words.size() == 1) return list_targets(session);
  const bool is_complete = line.words.size() == 3 && (line.words[2] == "on" || line.words[2] == "off");
  if (!is_complete) return session.wrong_usage("usage: vjctl osc target [NAME on|off]");
  return switch_target(session, line.words[1], line.words[2] == "on");
}

}  // namespace vj::ctl
