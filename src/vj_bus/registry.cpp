#include "vj_bus/registry.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "wire/envelope.hpp"
#include "wire/json.hpp"

namespace vj::bus {
namespace {

using wire::Value;

ServiceEntry entry_from(const std::string& name, const Value& value) {
  const auto& ports = value["ports"];
  return {.name = name,
          .pid = static_cast<platform::Pid>(value["pid"].integer_or(0)),
          .status = value["status"].string_or(""),
          .started_at = value["started_at"].number_or(0),
          .heartbeat_at = value["heartbeat_at"].number_or(0),
          .command_port = static_cast<int>(ports["command"].integer_or(0)),
          .telemetry_port = static_cast<int>(ports["telemetry"].integer_or(0)),
          .metadata = value["metadata"].is_object() ? value["metadata"] : Value::object()};
}

Value to_value(const ServiceEntry& entry) {
  return Value::object(
      {{"pid", entry.pid},
       {"status", entry.status},
       {"started_at", entry.started_at},
       {"heartbeat_at", entry.heartbeat_at},
       {"ports", Value::object({{"command", entry.command_port}, {"telemetry", entry.telemetry_port}})},
       {"metadata", entry.metadata}});
}

Result<Value> parse_file(std::string_view text) {
  auto value = wire::parse_json(text);
  if (!value) return std::unexpected(value.error());
  if (!(*value)["services"].is_object()) return fail(ErrorCode::kInvalid, "it has no 'services' object");
  return value;
}

Value empty_registry() {
  return Value::object({{"version", "1.0"}, {"updated_at", 0.0}, {"services", Value::object()}});
}

}  // namespace

std::optional<platform::ProcessIdentity> ServiceEntry::identity() const {
  const auto* boot_id = metadata["boot_id"].string();
  const auto& ticks = metadata["start_time_ticks"];
  if (boot_id == nullptr || !ticks.is_integer()) return std::nullopt;
  return platform::ProcessIdentity{*boot_id, pid, static_cast<std::uint64_t>(ticks.integer_or(0))};
}

Duration heartbeat_age(const ServiceEntry& entry, Time now) {
  const auto identity = entry.identity();
  const auto& monotonic = entry.metadata["heartbeat_monotonic"];
  if (monotonic.is_number() && identity && identity->boot_id == platform::boot_id()) {
    return std::max<Duration>(0ns, now - Time(from_seconds(monotonic.number_or(0))));
  }
  return std::max<Duration>(0ns, from_seconds(wire::wall_clock() - entry.heartbeat_at));
}

bool is_alive(const ServiceEntry& entry) {
  const auto usage = platform::process_usage(entry.pid);
  if (!usage || usage->state == 'Z') return false;
  const auto identity = entry.identity();
  return !identity ||
         (identity->boot_id == platform::boot_id() && identity->start_time_ticks == usage->start_time_ticks);
}

const ServiceEntry* RegistrySnapshot::find(std::string_view name) const {
  const auto found = std::ranges::find(services, name, &ServiceEntry::name);
  return found == services.end() ? nullptr : &*found;
}

Result<RegistrySnapshot> parse_registry(std::string_view text) {
  const auto value = parse_file(text);
  if (!value) return std::unexpected(value.error());
  RegistrySnapshot snapshot;
  for (const auto& [name, service] : *(*value)["services"].members()) {
    if (service.is_object()) snapshot.services.push_back(entry_from(name, service));
  }
  return snapshot;
}

Registry::Registry(platform::Path home)
    : file_(home / "registry.json"), lock_file_(home / "registry.json.lock"), temporary_(home / "registry.tmp") {}

Result<RegistrySnapshot> Registry::read() const {
  const auto text = platform::read_file(file_);
  if (!text && text.error().code == ErrorCode::kNotFound) return RegistrySnapshot{};
  if (!text) return std::unexpected(text.error());
  auto snapshot = parse_registry(*text);
  if (!snapshot) return fail_with(format("{} is not a registry", file_.string()), snapshot.error());
  return snapshot;
}

template <class Change>
Result<Registry::Written> Registry::update(Change change) {
  const auto lock = platform::FileLock::try_take(lock_file_);
  if (!lock) return std::unexpected(lock.error());

  Written written;
  Value registry = empty_registry();
  if (const auto text = platform::read_file(file_)) {
    if (auto parsed = parse_file(*text)) {
      registry = std::move(*parsed);
    } else {
      // Nothing is thrown away: who wants to know what happened finds the old file beside the new one.
      const auto kept = platform::Path(file_).concat(".corrupt");
      std::error_code ignored;  // where it cannot be moved, it is replaced, and the warning still says so
      std::filesystem::rename(file_, kept, ignored);
      written.warning = format("{} was corrupt ({}); it is kept as {}, and every service registers again",
                               file_.string(), parsed.error().message, kept.string());
    }
  } else if (text.error().code != ErrorCode::kNotFound) {
    return std::unexpected(text.error());
  }

  Value services = registry["services"];
  change(services);
  registry.set("services", std::move(services));
  registry.set("updated_at", wire::wall_clock());
  const auto replaced = platform::write_file_atomically(file_, wire::to_indented_json(registry) + "\n", temporary_);
  if (!replaced) return std::unexpected(replaced.error());
  return written;
}

Result<Registry::Written> Registry::put(const ServiceEntry& entry) {
  return update([&](Value& services) { services.set(entry.name, to_value(entry)); });
}

Result<Registry::Written> Registry::remove(std::string_view name, platform::Pid pid) {
  return update([&](Value& services) {
    if (services[name]["pid"].integer_or(0) != pid) return;
    Value others = Value::object();
    for (const auto& [other, value] : *services.members()) {
      if (other != name) others.set(other, value);
    }
    services = std::move(others);
  });
}

}  // namespace vj::bus
