#include "vj_bus/registry.hpp"

#include <algorithm>
#include <utility>

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

constexpr std::string_view kServices = "services";
constexpr std::string_view kUpdatedAt = "updated_at";
constexpr std::string_view kBeat = "heartbeat_monotonic";
constexpr std::string_view kProgress = "progress";

std::string json_name(std::string_view name) { return wire::to_json(Value(name)); }

}  // namespace

std::optional<platform::ProcessIdentity> ServiceEntry::identity() const {
  const auto* boot_id = metadata["boot_id"].string();
  const auto& ticks = metadata["start_time_ticks"];
  if (boot_id == nullptr || !ticks.is_integer()) return std::nullopt;
  return platform::ProcessIdentity{*boot_id, pid, static_cast<std::uint64_t>(ticks.integer_or(0))};
}

Duration heartbeat_age(const ServiceEntry& entry, Time now) {
  const auto identity = entry.identity();
  const auto& monotonic = entry.metadata[kBeat];
  if (monotonic.is_number() && identity && identity->boot_id == platform::boot_id()) {
    return std::max<Duration>(0ns, now - Time(from_seconds(monotonic.number_or(0))));
  }
  return std::max<Duration>(0ns, from_seconds(wire::wall_clock() - entry.heartbeat_at));
}

bool is_heartbeat(const ServiceEntry& before, const ServiceEntry& after) {
  const auto& last = before.metadata[kBeat];
  const auto& next = after.metadata[kBeat];
  const auto *members = after.metadata.members(), *members_before = before.metadata.members();
  if (!last.is_number() || !next.is_number() || members->size() != members_before->size()) return false;
  // Who was given up because he came so late is news.
  const bool in_time = from_seconds(next.number_or(0) - last.number_or(0)) < 2 * kHeartbeatInterval;
  const auto is_same = [&](const Value::Member& member) {
    const bool changes_always = member.first == kBeat || member.first == kProgress;
    return changes_always || before.metadata[member.first] == member.second;
  };
  return in_time && before.name == after.name && before.pid == after.pid && before.status == after.status &&
         before.started_at == after.started_at && before.command_port == after.command_port &&
         before.telemetry_port == after.telemetry_port && std::ranges::all_of(*members, is_same);
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

Registry::Registry(platform::Path home)
    : file_(home / "registry.json"), spare_(home / "registry.spare"), lock_(home / "registry.json.lock") {
  forget();
}

Result<RegistrySnapshot> Registry::read() {
  if (auto refreshed = refresh(); !refreshed) return std::unexpected(refreshed.error());
  return snapshot_;
}

Result<void> Registry::refresh() {
  auto text = platform::read_file_unnoted(file_);
  // What was the file a moment ago is being written over: another is the file by now.
  if (!text && text.error().code == ErrorCode::kConflict) text = platform::read_file_unnoted(file_);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    forget();
    return {};
  }
  if (!text) return std::unexpected(text.error());
  auto taken = take(std::move(*text));
  if (!taken) return fail_with(format("{} is not a registry", file_.string()), taken.error());
  return {};
}

void Registry::forget() {
  text_.clear();
  members_ = {{"version", "\"1.0\""}, {std::string(kUpdatedAt), "0.0"}, {std::string(kServices), ""}};
  services_.clear();
  snapshot_.services.clear();
}

Result<void> Registry::take(std::string text) {
  if (!text.empty() && text == text_) return {};
  const auto members = wire::raw_members(text);
  if (!members) return std::unexpected(members.error());
  const auto services = std::ranges::find(*members, kServices, &wire::RawMember::name);
  const auto entries = services == members->end() ? fail(ErrorCode::kInvalid, "it has no 'services' object")
                                                  : wire::raw_members(services->text);
  if (!entries) return fail(ErrorCode::kInvalid, "it has no 'services' object");

  Texts texts;
  RegistrySnapshot snapshot;
  for (const auto& [name, entry] : *entries) {
    const auto known = std::ranges::find(services_, name, &Texts::value_type::first);
    const auto* before = snapshot_.find(name);
    if (known != services_.end() && known->second == entry) {
      if (before != nullptr) snapshot.services.push_back(*before);
    } else {
      const auto value = wire::parse_json(entry);
      if (!value) return std::unexpected(value.error());
      if (value->is_object()) snapshot.services.push_back(entry_from(name, *value));
    }
    texts.emplace_back(name, entry);
  }
  members_.clear();
  for (const auto& [name, member] : *members) members_.emplace_back(name, name == kServices ? "" : member);
  services_ = std::move(texts);
  snapshot_ = std::move(snapshot);
  text_ = std::move(text);
  return {};
}

std::string Registry::written_out() const {
  std::string out = "{";
  for (bool first = true; const auto& [name, member] : members_) {
    out.append(std::exchange(first, false) ? "\n  " : ",\n  ").append(json_name(name)).append(": ");
    if (name != kServices) {
      out.append(member);
      continue;
    }
    out += '{';
    for (bool first_service = true; const auto& [service, entry] : services_) {
      out.append(std::exchange(first_service, false) ? "\n    " : ",\n    ").append(json_name(service)).append(": ");
      out.append(entry);
    }
    out.append(services_.empty() ? "}" : "\n  }");
  }
  return out += "\n}\n";
}

template <class Change>
Result<Registry::Written> Registry::update(Change change) {
  const auto lock = lock_.try_take();
  if (!lock) return std::unexpected(lock.error());

  Written written;
  auto text = platform::read_file_unnoted(file_);
  if (!text && text.error().code != ErrorCode::kNotFound) return std::unexpected(text.error());
  if (!text) {
    forget();
  } else if (const auto taken = take(std::move(*text)); !taken) {
    // Nothing is thrown away: who wants to know what happened finds the old file beside the new one.
    const auto kept = platform::Path(file_).concat(".corrupt");
    std::error_code ignored;  // where it cannot be moved, it is replaced, and the warning still says so
    std::filesystem::rename(file_, kept, ignored);
    written.warning = format("{} was corrupt ({}); it is kept as {}, and every service registers again", file_.string(),
                             taken.error().message, kept.string());
    forget();
  }

  const bool is_news = change();
  const auto updated = std::ranges::find(members_, kUpdatedAt, &Texts::value_type::first);
  const auto now = wire::to_json(Value(wire::wall_clock()));
  if (updated == members_.end()) {
    members_.emplace_back(kUpdatedAt, now);
  } else {
    updated->second = now;
  }
  text_ = written_out();
  // Of the processes that it speaks of none outlives the machine's next boot.
  const auto replaced = platform::write_file_by_turns(file_, text_, spare_);
  if (!replaced) {
    text_.clear();  // what could not be written is not what the file says
    return std::unexpected(replaced.error());
  }
  if (is_news) platform::point_out(file_);
  if (written_) written_();
  return written;
}

Result<Registry::Written> Registry::put(const ServiceEntry& entry) {
  return update([&] {
    auto text = wire::to_indented_json(to_value(entry), 2, 2);
    const auto service = std::ranges::find(services_, entry.name, &Texts::value_type::first);
    if (service == services_.end()) {
      services_.emplace_back(entry.name, std::move(text));
    } else {
      service->second = std::move(text);
    }
    const auto known = std::ranges::find(snapshot_.services, entry.name, &ServiceEntry::name);
    if (known == snapshot_.services.end()) {
      snapshot_.services.push_back(entry);
      return true;
    }
    const bool is_news = !is_heartbeat(*known, entry);
    *known = entry;
    return is_news;
  });
}

Result<Registry::Written> Registry::remove(std::string_view name, platform::Pid pid) {
  return update([&] {
    const auto* entry = snapshot_.find(name);
    if (entry == nullptr || entry->pid != pid) return false;
    std::erase_if(services_, [&](const auto& service) { return service.first == name; });
    std::erase_if(snapshot_.services, [&](const auto& service) { return service.name == name; });
    return true;
  });
}

Result<RegistrySnapshot> parse_registry(std::string_view text) {
  Registry registry{platform::Path()};
  if (auto taken = registry.take(std::string(text)); !taken) return std::unexpected(taken.error());
  return registry.snapshot();
}

}  // namespace vj::bus
