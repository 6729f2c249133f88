// doctor: looks at everything that a show needs, and says how to mend what is missing.
#include <algorithm>
#include <map>

#include "base/format.hpp"
#include "config/secrets.hpp"
#include "ctl/checks.hpp"
#include "ctl/commands.hpp"
#include "ctl/hints.hpp"
#include "ctl/osc_parts.hpp"
#include "ctl/session.hpp"
#include "platform/audio_file.hpp"
#include "platform/audio_input.hpp"
#include "platform/chosen_audio_device.hpp"
#include "platform/event_loop.hpp"
#include "platform/tty.hpp"
#include "platform/udp_port_owner.hpp"
#include "vj_bus/registry.hpp"
#include "vj_bus/service.hpp"
#include "wire/json.hpp"
#include "wire/names.hpp"

namespace vj::ctl {
namespace {

Check terminal() {
  TerminalFacts facts{.term = platform::environment("TERM").value_or("")};
  for (const char* name : {"LANG", "LC_CTYPE", "LC_ALL"}) {
    if (const auto locale = platform::environment(name)) facts.locale = *locale;
  }
  if (const auto tty = platform::Tty::open()) {
    facts.is_terminal = true;
    facts.columns = tty->size().columns;
    facts.rows = tty->size().rows;
  }
  return check_terminal(facts);
}

Check home(const platform::Path& path) {
  const auto status = platform::file_status(path);
  return check_home({.path = path.string(),
                     .exists = status.has_value(),
                     .is_folder = status && status->is_folder,
                     .mode = status ? status->mode : 0});
}

Check configuration(const Session& session, const config::Loaded& loaded) {
  const auto variables = config::read_env_file(session.home() / ".env");
  if (loaded && variables) {
    const std::string file = session.config_file().string();
    return {.name = "configuration",
            .finding = platform::file_status(file) ? file : "none, so the defaults count",
            .mend = ""};
  }
  std::string problems = loaded ? "" : config::to_string(loaded.error());
  if (!variables) problems += (problems.empty() ? "" : "\n") + config::to_string(variables.error());
  return {.name = "configuration",
          .health = Health::kBad,
          .finding = problems,
          .mend = loaded ? "no secret in it counts until it is mended" : "nothing starts until it is mended"};
}

Check registry(const platform::Path& home, const Result<bus::RegistrySnapshot>& snapshot) {
  Check check{.name = "registry"};
  if (!snapshot) {
    check.health = Health::kBad;
    check.finding = snapshot.error().message;
    check.mend = format("stop everything, then remove {}", bus::Registry(home).file().string());
    return check;
  }
  std::size_t live = 0;
  for (const bus::ServiceEntry& entry : snapshot->services) live += bus::is_alive(entry) ? 1 : 0;
  check.finding = format("{} services live, {} dead", live, snapshot->services.size() - live);
  return check;
}

// Free is what can be bound, as the services themselves will try it.
Check ports(const config::Config& config, const bus::RegistrySnapshot& snapshot) {
  std::map<int, std::string> owners;
  for (const bus::ServiceEntry& entry : snapshot.services) {
    if (!bus::is_alive(entry)) continue;
    owners.emplace(entry.command_port, entry.name);
    owners.emplace(entry.telemetry_port, entry.name);
  }
  std::vector<PortFacts> facts;
  platform::EventLoop loop;
  bus::Context context;
  const auto probe = [&](const std::string& service, int port) {
    bus::CommandServer server(context, loop, "vjctl", [](bus::Request) {});
    const auto owner = owners.find(port);
    facts.push_back({.service = service,
                     .port = port,
                     .is_free = server.bind(config.bus.bind, port).has_value(),
                     .owner = owner == owners.end() ? "" : owner->second});
  };
  const auto probe_both = [&](const std::string& service, const config::Ports& wanted) {
    probe(service, wanted.command);
    probe(service, wanted.telemetry);
  };
  probe_both(std::string(wire::service::kProcessManager), config::process_manager_ports(config.bus));
  for (const config::Worker& worker : config.workers) {
    if (worker.ports) probe_both(worker.name, *worker.ports);
  }
  return check_ports(facts);
}

// Of what only a good configuration tells.
Check not_looked_at(std::string name) {
  return {.name = std::move(name),
          .health = Health::kWarning,
          .finding = "not looked at: the configuration says which they are",
          .mend = "mend the configuration first"};
}

Check process_manager(const Session& session) {
  Check check{.name = "process manager"};
  const Time asked = platform::EventLoop::clock();
  const auto response = session.ask(wire::service::kProcessManager, wire::command::kHealthCheck);
  if (response) {
    check.finding = format("answers in {:.1f} ms", to_seconds(platform::EventLoop::clock() - asked) * 1000);
  } else if (response.error().code == ErrorCode::kUnavailable) {
    check.health = Health::kWarning;
    check.finding = "does not run";
    check.mend = "to start it: " + how_to_start(session.place());
  } else {
    check.health = Health::kBad;
    check.finding = response.error().message;
    check.mend = format("see {}/logs/process_manager.log", session.home().string());
  }
  return check;
}

Check virtualdj(const config::Config& config, const bus::RegistrySnapshot& snapshot) {
  SourceFacts facts{.paths = config.virtualdj.paths};
  const auto* manager = snapshot.find(wire::service::kProcessManager);
  facts.has_process_manager = manager != nullptr && bus::is_alive(*manager);
  for (const std::string& path : facts.paths) {
    if (!platform::file_status(path)) facts.missing_paths.push_back(path);
  }
  const auto* entry = snapshot.find(wire::service::kVirtualDjMonitor);
  if (entry != nullptr && bus::is_alive(*entry)) {
    facts.status = entry->status;
    facts.reason = entry->reason();
  }
  return check_virtualdj(facts);
}

Check sound(const Session& session, const config::Config& config, const bus::RegistrySnapshot& snapshot) {
  SoundFacts facts{.configured = config.audio.device};
  if (const auto chosen = platform::read_chosen_audio_device(session.home())) facts.chosen = *chosen;
  const auto* entry = snapshot.find(wire::service::kAudioAnalyzer);
  if (entry != nullptr && bus::is_alive(*entry)) {
    facts.status = entry->status;
    facts.reason = entry->reason();
    return check_sound(facts);
  }
  const std::string wanted = facts.chosen.value_or(facts.configured);
  if (wanted.starts_with(platform::AudioInput::kFilePrefix)) {
    const auto file = wanted.substr(platform::AudioInput::kFilePrefix.size());
    const auto opened = platform::AudioFile::open(file, config.audio.sample_rate);
    facts.device = "a file that can be played";
    if (!opened) facts.problem = opened.error().message;
    return check_sound(facts);
  }
  const auto devices = platform::audio_devices_within(3s);
  const auto chosen = devices ? platform::choose_audio_device(wanted, *devices)
                              : Result<platform::AudioDevice>(std::unexpected(devices.error()));
  if (chosen) {
    facts.device = chosen->name;
  } else {
    facts.problem = chosen.error().message;
  }
  return check_sound(facts);
}

OscTargetFacts look_at(const wire::OscTarget& target, const config::Osc& osc) {
  OscTargetFacts facts{.target = target, .is_here = false};
  const auto found = std::ranges::find(osc.targets, target.name, &config::OscTarget::name);
  if (found == osc.targets.end()) return facts;
  const auto listens = has_listener(found->host, found->port);
  if (!listens) return facts;
  facts.is_here = true;
  facts.has_listener = *listens;
  if (facts.has_listener) facts.listener = platform::udp_port_owner(found->port).value_or("");
  return facts;
}

Check osc_targets(const Session& session, const config::Config& config, const bus::RegistrySnapshot& services) {
  const auto switches = osc_io::read_target_switches(session.home());
  if (!switches) {
    return {.name = "OSC targets",
            .health = Health::kWarning,
            .finding = switches.error().message,
            .mend = "every target is as the configuration says; vjctl osc target NAME on|off writes it anew"};
  }
  std::vector<OscTargetFacts> facts;
  for (const auto& target : known_targets(services, {config.osc, *switches})) {
    facts.push_back(look_at(target, config.osc));
  }
  return check_osc_targets(facts);
}

int run_doctor(Session& session, const CommandLine&) {
  const auto loaded = session.load_config();
  const auto snapshot = bus::Registry(session.home()).read();
  const bus::RegistrySnapshot services = snapshot.value_or(bus::RegistrySnapshot{});
  // What can be looked at without a good configuration is looked at with the default one.
  const config::Config config = loaded ? *loaded : config::default_config();
  const std::vector<Check> checks{
      terminal(),
      home(session.home()),
      configuration(session, loaded),
      registry(session.home(), snapshot),
      loaded ? ports(config, services) : not_looked_at("ports"),
      process_manager(session),
      virtualdj(config, services),
      sound(session, config, services),
      loaded ? osc_targets(session, config, services) : not_looked_at("OSC targets"),
  };
  if (session.json()) {
    session.print_line(wire::to_json(checks_json(checks)));
  } else {
    session.print(checks_text(checks, session.style()));
  }
  return all_usable(checks) ? kExitDone : kExitFailed;
}

}  // namespace

std::vector<CommandSpec> doctor_commands() {
  return {{.name = "doctor",
           .synopsis = "",
           .summary = "Check everything that a show needs, and say how to mend it",
           .details = "Exit code 1 where something is bad; warnings alone are 0.",
           .options = {},
           .run = run_doctor}};
}

}  // namespace vj::ctl
