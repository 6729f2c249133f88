#include "vj_bus/registry.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <ranges>
#include <tuple>
#include <utility>

#include "base/format.hpp"
#include "wire/envelope.hpp"
#include "wire/json.hpp"
#include "wire/names.hpp"

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

constexpr const char* kUsualAddress = "127.0.0.1";

constexpr std::string_view kServices = "services";
constexpr std::string_view kUpdatedAt = "updated_at";
constexpr std::string_view kBeat = "heartbeat_monotonic";
constexpr std::string_view kProgress = "progress";

// Numbers that change with every heartbeat keep their length, so that of the file nothing else moves and it need not be
// cut off: zeros at the end of a fraction say nothing.
std::string number_text(const Value& number) {
  static constexpr std::size_t kLongestFraction = 18;  // 17 digits, which is as many as a double has, and the point
  auto text = wire::to_json(number);
  const bool is_plain =
      text.find('.') != std::string::npos && text.find_first_not_of("0123456789.") == std::string::npos;
  if (is_plain && text.size() < kLongestFraction) text.append(kLongestFraction - text.size(), '0');
  return text;
}

std::string json_name(std::string_view name) { return wire::to_json(Value(name)); }

// What a heartbeat changes, each a line of its own in the layout that we, and Python, give the file.
constexpr std::string_view kUpdatedAtLine = "  \"updated_at\": ";
constexpr std::string_view kHeartbeatAtLine = "      \"heartbeat_at\": ";
constexpr std::string_view kBeatLine = "        \"heartbeat_monotonic\": ";
constexpr std::string_view kProgressLine = "        \"progress\": ";

// How long the number is that stands there, if it is one without sign and exponent and the line ends after it; else 0.
std::size_t plain_number_length(std::string_view text) {
  const auto digits_from = [&](std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return end - begin;
  };
  std::size_t length = digits_from(0);
  const bool has_leading_zero = length > 1 && text[0] == '0';
  if (length == 0 || has_leading_zero) return 0;
  if (length < text.size() && text[length] == '.') {
    const auto fraction = digits_from(length + 1);
    if (fraction == 0) return 0;
    length += 1 + fraction;
  }
  const auto rest = text.substr(length);
  return rest.starts_with('\n') || rest.starts_with(",\n") ? length : 0;
}

// Whether no such line stands there twice: else another object than `metadata` has such a number too. Changing a number
// changes nothing of that.
bool has_each_once(std::string_view entry) {
  const auto is_repeated = [&](std::string_view line_start) {
    const auto first = entry.find(line_start);
    return first != std::string_view::npos && entry.find(line_start, first + 1) != std::string_view::npos;
  };
  return std::ranges::none_of(std::initializer_list{kHeartbeatAtLine, kBeatLine, kProgressLine}, is_repeated);
}

// How far the two are the same. In blocks: almost all of them are.
std::size_t common_length(std::string_view a, std::string_view b) {
  static constexpr std::size_t kBlock = 64;
  std::size_t same = 0;
  while (same + kBlock <= std::min(a.size(), b.size()) && a.substr(same, kBlock) == b.substr(same, kBlock)) {
    same += kBlock;
  }
  const auto differ = std::ranges::mismatch(a.substr(same), b.substr(same));
  return same + static_cast<std::size_t>(differ.in1 - a.substr(same).begin());
}

// As parsing the text as JSON would have it; null where only that could tell.
Value plain_number(std::string_view text) {
  static constexpr std::size_t kLongest = 18;  // digits that any integer of 64 bits holds
  const auto *begin = text.data(), *end = text.data() + text.size();
  if (text.find('.') == std::string_view::npos) {
    std::int64_t integer = 0;
    if (text.size() > kLongest || std::from_chars(begin, end, integer).ptr != end) return {};
    return integer;
  }
  double number = 0;
  const auto read = std::from_chars(begin, end, number);
  return read.ec == std::errc() && read.ptr == end ? Value(number) : Value();
}

}  // namespace

std::optional<platform::ProcessIdentity> ServiceEntry::identity() const {
  const auto* boot_id = metadata["boot_id"].string();
  const auto& ticks = metadata["start_time_ticks"];
  if (boot_id == nullptr || !ticks.is_integer()) return std::nullopt;
  return platform::ProcessIdentity{*boot_id, pid, static_cast<std::uint64_t>(ticks.integer_or(0))};
}

bool operator==(const ServiceEntry& a, const ServiceEntry& b) {
  const auto said = [](const ServiceEntry& entry) {
    return std::tie(entry.name, entry.pid, entry.status, entry.started_at, entry.heartbeat_at, entry.command_port,
                    entry.telemetry_port, entry.metadata);
  };
  return said(a) == said(b);
}

void ServiceEntry::set_address(const std::string& address) {
  if (address != kUsualAddress) metadata.set(wire::metadata::kAddress, address);
}

std::string ServiceEntry::address() const { return metadata[wire::metadata::kAddress].string_or(kUsualAddress); }

Duration heartbeat_age(const ServiceEntry& entry, Time now) {
  const auto* boot_id = entry.metadata["boot_id"].string();
  const auto& monotonic = entry.metadata[kBeat];
  if (monotonic.is_number() && boot_id != nullptr && *boot_id == platform::boot_id()) {
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
    const auto place = static_cast<std::size_t>(&member - members->data());
    const auto& last_there = (*members_before)[place];
    const bool changes_always = member.first == kBeat || member.first == kProgress;
    // They keep their order, mostly.
    const bool is_there = last_there.first == member.first;
    return changes_always || (is_there ? last_there.second : before.metadata[member.first]) == member.second;
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

Registry::Registry(const platform::Path& home)
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

std::string_view Registry::text_of(const Place& service) const {
  return std::string_view(text_).substr(service.begin, service.length);
}

// What stands at `begin` has become longer; by a number that wraps around, shorter.
void Registry::move_places(std::size_t begin, std::size_t grown) {
  if (grown == 0) return;
  for (Place& service : services_) {
    if (service.begin > begin) {
      service.begin += grown;
    } else if (begin < service.begin + service.length) {
      service.length += grown;
    }
  }
}

void Registry::replace_number(std::size_t begin, std::size_t length, std::string_view number) {
  text_.replace(begin, length, number);
  move_places(begin, number.size() - length);
}

// Takes a text that differs from the last one only in numbers which heartbeats change; false where there is more to it,
// and then nothing is taken. The last text was valid, and a line break is always outside of a string: so the new one is
// as valid and says the same but for these numbers.
bool Registry::take_beats(std::string& text) {
  struct Number {
    const Place* service;       // none: updated_at
    ServiceEntry* entry;        // of the service
    std::size_t begin, length;  // in the old text
    std::string_view line_start, text;
    Value value;
  };
  const std::string_view before = text_, after = text;
  const auto find_entry = [&](std::string_view name) {
    const auto found = std::ranges::find(snapshot_.services, name, &ServiceEntry::name);
    return found == snapshot_.services.end() ? nullptr : &*found;
  };
  std::vector<Number> changes;
  changes.reserve(3 * services_.size() + 1);
  std::size_t at = 0, to = 0;
  while (true) {
    const auto same = common_length(before.substr(at), after.substr(to));
    at += same;
    to += same;
    if (at == before.size() && to == after.size()) break;
    if (at == 0) return false;
    const auto line = before.rfind('\n', at - 1) + 1;
    const auto starts = {kUpdatedAtLine, kHeartbeatAtLine, kBeatLine, kProgressLine};
    const auto* start = std::ranges::find_if(
        starts, [&](std::string_view each) { return before.substr(line, at - line).starts_with(each); });
    if (start == starts.end()) return false;
    const auto begin = line + start->size();
    const auto begin_after = to - (at - begin);
    const auto length = plain_number_length(before.substr(begin));
    const auto length_after = plain_number_length(after.substr(begin_after));
    if (length == 0 || length_after == 0 || at > begin + length) return false;
    const auto number = after.substr(begin_after, length_after);
    const auto next = std::ranges::upper_bound(services_, begin, {}, &Place::begin);
    const auto* service = next == services_.begin() ? nullptr : &*std::prev(next);
    if (service != nullptr && begin >= service->begin + service->length) service = nullptr;
    const bool is_same_service = !changes.empty() && changes.back().service == service;
    auto* entry = is_same_service ? changes.back().entry : service == nullptr ? nullptr : find_entry(service->name);
    changes.push_back({service, entry, begin, length, *start, number, plain_number(number)});
    at = begin + length;
    to = begin_after + length_after;
    if (before[at] != after[to]) return false;
  }
  const auto updated = std::ranges::find(members_, kUpdatedAt, &Member::first);
  const auto means_what_it_seems = [&](const Number& change) {
    const auto number = before.substr(change.begin, change.length);
    if (change.service == nullptr) {
      return change.line_start == kUpdatedAtLine && updated != members_.end() && updated->second == number;
    }
    const auto* entry = change.entry;
    const auto value = plain_number(number);
    if (entry == nullptr || value.is_null() || change.value.is_null()) return false;
    if (!change.service->has_each_once) return false;
    if (change.line_start == kHeartbeatAtLine) return value.number_or(0) == entry->heartbeat_at;
    if (change.line_start == kBeatLine) return value == entry->metadata[kBeat];
    return change.line_start == kProgressLine && value == entry->metadata[kProgress];
  };
  if (!std::ranges::all_of(changes, means_what_it_seems)) return false;

  // From the end, so that what is still to be replaced stays where it is.
  for (auto& change : changes | std::views::reverse) {
    move_places(change.begin, change.text.size() - change.length);
    if (change.service == nullptr) {
      updated->second = change.text;
      continue;
    }
    if (change.line_start == kHeartbeatAtLine) {
      change.entry->heartbeat_at = change.value.number_or(0);
    } else {
      change.entry->metadata.set(change.line_start == kBeatLine ? kBeat : kProgress, std::move(change.value));
    }
  }
  text_ = std::move(text);
  return true;
}

Result<void> Registry::take(std::string text) {
  if (!text.empty() && text == text_) return {};
  if (!text_.empty() && take_beats(text)) return {};
  const auto members = wire::raw_members(text);
  if (!members) return std::unexpected(members.error());
  const auto services = std::ranges::find(*members, kServices, &wire::RawMember::name);
  const auto entries = services == members->end() ? fail(ErrorCode::kInvalid, "it has no 'services' object")
                                                  : wire::raw_members(services->text);
  if (!entries) return fail(ErrorCode::kInvalid, "it has no 'services' object");

  std::vector<Place> places;
  RegistrySnapshot snapshot;
  for (const auto& [name, entry] : *entries) {
    const auto known = std::ranges::find(services_, name, &Place::name);
    const auto* before = snapshot_.find(name);
    if (known != services_.end() && text_of(*known) == entry) {
      if (before != nullptr) snapshot.services.push_back(*before);
    } else {
      const auto value = wire::parse_json(entry);
      if (!value) return std::unexpected(value.error());
      if (value->is_object()) snapshot.services.emplace_back(entry_from(name, *value)).edition = ++last_edition_;
    }
    places.push_back({name, static_cast<std::size_t>(entry.data() - text.data()), entry.size(), has_each_once(entry)});
  }
  members_.clear();
  for (const auto& [name, member] : *members) members_.emplace_back(name, name == kServices ? "" : member);
  services_ = std::move(places);
  snapshot_ = std::move(snapshot);
  text_ = std::move(text);
  return {};
}

// Changes the entry's numbers where they stand; false where they do not stand where we put them, and then the whole is
// to be written out.
bool Registry::put_beat(const ServiceEntry& known, const ServiceEntry& entry) {
  const auto service = std::ranges::find(services_, entry.name, &Place::name);
  return service != services_.end() && put_number(*service, kHeartbeatAtLine, known.heartbeat_at, entry.heartbeat_at) &&
         put_number(*service, kBeatLine, known.metadata[kBeat], entry.metadata[kBeat]) &&
         put_number(*service, kProgressLine, known.metadata[kProgress], entry.metadata[kProgress]);
}

bool Registry::put_number(const Place& service, std::string_view line_start, const Value& before, const Value& after) {
  const auto text = text_of(service);
  const auto start = text.find(line_start);
  if (!service.has_each_once || start == std::string::npos || start == 0 || text[start - 1] != '\n') return false;
  const auto begin = start + line_start.size();
  const auto length = plain_number_length(text.substr(begin));
  const auto is_it = length > 0 && plain_number(text.substr(begin, length)) == before;
  if (is_it) replace_number(service.begin + begin, length, number_text(after));
  return is_it;
}

bool Registry::put_updated_at(std::string_view now) {
  const auto start = text_.find(kUpdatedAtLine);
  // Before all services, so that it cannot be in one.
  if (start == std::string::npos || start == 0 || text_[start - 1] != '\n') return false;
  if (!services_.empty() && start > services_.front().begin) return false;
  const auto begin = start + kUpdatedAtLine.size();
  const auto length = plain_number_length(std::string_view(text_).substr(begin));
  if (length > 0) replace_number(begin, length, now);
  return length > 0;
}

void Registry::write_out(const Change& change) {
  std::string out = "{";
  std::vector<Place> services;
  const auto add = [&](std::string_view service, std::string_view text) {
    out.append(services.empty() ? "\n    " : ",\n    ").append(json_name(service)).append(": ");
    services.push_back({std::string(service), out.size(), text.size(), has_each_once(text)});
    out.append(text);
  };
  for (bool first = true; const auto& [name, member] : members_) {
    out.append(std::exchange(first, false) ? "\n  " : ",\n  ").append(json_name(name)).append(": ");
    if (name != kServices) {
      out.append(member);
      continue;
    }
    out += '{';
    bool to_add = change.text.has_value();
    for (const Place& service : services_) {
      if (service.name != change.service) {
        add(service.name, text_of(service));
      } else if (std::exchange(to_add, false)) {
        add(service.name, *change.text);
      }
    }
    if (to_add) add(change.service, *change.text);
    out.append(services.empty() ? "}" : "\n  }");
  }
  out += "\n}\n";
  text_ = std::move(out);
  services_ = std::move(services);
}

template <class Make>
Result<Registry::Written> Registry::update(Make make) {
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

  const Change change = make();
  const auto updated = std::ranges::find(members_, kUpdatedAt, &Member::first);
  const auto now = number_text(wire::wall_clock());
  if (updated == members_.end()) {
    members_.emplace_back(kUpdatedAt, now);
  } else {
    updated->second = now;
  }
  if (change.kind != Change::Kind::kOnlyNumbers || !put_updated_at(now)) write_out(change);
  // Of the processes that it speaks of none outlives the machine's next boot.
  const auto replaced = platform::write_file_by_turns(file_, text_, spare_);
  if (!replaced) {
    // What could not be written is not what the file says.
    text_.clear();
    services_.clear();
    return std::unexpected(replaced.error());
  }
  const bool is_news = change.kind == Change::Kind::kNews;
  if (is_news) platform::point_out(file_);
  if (written_) written_(is_news);
  return written;
}

Result<Registry::Written> Registry::put(const ServiceEntry& entry) {
  return update([&]() -> Change {
    const auto known = std::ranges::find(snapshot_.services, entry.name, &ServiceEntry::name);
    const bool is_known = known != snapshot_.services.end();
    const bool is_news = !is_known || !is_heartbeat(*known, entry);
    if (!is_news && put_beat(*known, entry)) {
      known->heartbeat_at = entry.heartbeat_at;
      for (const auto name : {kBeat, kProgress}) known->metadata.set(name, entry.metadata[name]);
      return {.kind = Change::Kind::kOnlyNumbers};
    }
    auto& stored = is_known ? *known : snapshot_.services.emplace_back();
    stored = entry;
    stored.edition = ++last_edition_;
    return {is_news ? Change::Kind::kNews : Change::Kind::kText, entry.name,
            wire::to_indented_json(to_value(entry), 2, 2)};
  });
}

Result<Registry::Written> Registry::remove(std::string_view name, platform::Pid pid) {
  return update([&]() -> Change {
    const auto* entry = snapshot_.find(name);
    if (entry == nullptr || entry->pid != pid) return {.kind = Change::Kind::kText};
    std::erase_if(snapshot_.services, [&](const auto& service) { return service.name == name; });
    return {.kind = Change::Kind::kNews, .service = name};
  });
}

Result<RegistrySnapshot> parse_registry(std::string_view text) {
  Registry registry{platform::Path()};
  if (auto taken = registry.take(std::string(text)); !taken) return std::unexpected(taken.error());
  return registry.snapshot();
}

}  // namespace vj::bus
