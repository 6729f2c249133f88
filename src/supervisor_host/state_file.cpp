#include "supervisor_host/state_file.hpp"

#include <optional>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "wire/json.hpp"

namespace vj::supervisor_host {

namespace {

using supervision::Afterwards;
using supervision::BackingOff;
using supervision::Failed;
using supervision::Intent;
using supervision::StartAgain;
using supervision::Stopped;
using wire::Value;

constexpr int kVersion = 1;

std::string_view to_string(Intent intent) {
  switch (intent) {
    case Intent::kRun:
      return "run";
    case Intent::kStop:
      return "stop";
    case Intent::kNone:
      break;
  }
  return "none";
}

Intent intent_from(std::string_view word) {
  if (word == "run") return Intent::kRun;
  return word == "stop" ? Intent::kStop : Intent::kNone;
}

void set(Value& value, const BackingOff& backing_off) {
  value.set("phase", "backing_off");
  // Nanoseconds of CLOCK_MONOTONIC, which goes on counting until the next boot.
  value.set("restart_at", backing_off.restart_at.time_since_epoch().count());
  value.set("delay", backing_off.delay.count());
  value.set("reason", backing_off.reason);
}

void set(Value& value, const Failed& failed) {
  value.set("phase", "failed");
  value.set("reason", failed.reason);
}

Value to_value(const Afterwards& afterwards) {
  Value value = Value::object();
  std::visit(Overloaded{[&](const Stopped&) { value.set("phase", "stopped"); },
                        [&](const StartAgain& again) {
                          value.set("phase", "start_again");
                          value.set("after_stop", again.after_stop);
                        },
                        [&](const auto& other) { set(value, other); }},
             afterwards);
  return value;
}

void set_phase(Value& value, const RecordedPhase& phase) {
  std::visit(Overloaded{[&](const AtRest&) { value.set("phase", "at_rest"); },
                        [&](const SpawnUnderWay&) { value.set("phase", "spawn_under_way"); },
                        [&](const Alive& alive) {
                          value.set("phase", "alive");
                          value.set("pid", alive.process.pid);
                          value.set("start_time_ticks", alive.process.start_time_ticks);
                          if (alive.afterwards) value.set("afterwards", to_value(*alive.afterwards));
                        },
                        [&](const auto& other) { set(value, other); }},
             phase);
}

std::optional<BackingOff> backing_off_from(const Value& value) {
  if (value["phase"] != Value("backing_off") || !value["restart_at"].is_integer()) return std::nullopt;
  return BackingOff{.restart_at = Time(Duration(value["restart_at"].integer_or(0))),
                    .delay = Duration(value["delay"].integer_or(0)),
                    .reason = value["reason"].string_or("crashed")};
}

std::optional<Failed> failed_from(const Value& value) {
  if (value["phase"] != Value("failed")) return std::nullopt;
  return Failed{value["reason"].string_or("failed")};
}

std::optional<Afterwards> afterwards_from(const Value& value) {
  const std::string phase = value["phase"].string_or("");
  if (phase == "stopped") return Stopped{};
  if (phase == "start_again") return StartAgain{value["after_stop"].boolean_or(false)};
  if (const auto backing_off = backing_off_from(value)) return *backing_off;
  if (const auto failed = failed_from(value)) return *failed;
  return std::nullopt;
}

std::optional<RecordedPhase> phase_from(const Value& value, std::string_view boot_id) {
  const std::string phase = value["phase"].string_or("");
  if (phase == "at_rest") return AtRest{};
  if (phase == "spawn_under_way") return SpawnUnderWay{};
  if (const auto failed = failed_from(value)) return *failed;
  if (const auto backing_off = backing_off_from(value)) return *backing_off;
  if (phase == "alive" && value["pid"].is_integer()) {
    const auto pid = static_cast<platform::Pid>(value["pid"].integer_or(0));
    const auto ticks = static_cast<std::uint64_t>(value["start_time_ticks"].integer_or(0));
    return Alive{{std::string(boot_id), pid, ticks}, afterwards_from(value["afterwards"])};
  }
  return std::nullopt;
}

}  // namespace

std::string encode_state(const WorkerRecords& records, std::string_view boot_id) {
  Value workers = Value::array();
  for (const WorkerRecord& record : records) {
    Value value = Value::object({{"name", record.name},
                                 {"intent", to_string(record.intent)},
                                 {"attempts_used", record.attempts_used},
                                 {"generation", record.generation.number},
                                 {"token", record.token}});
    set_phase(value, record.phase);
    workers.append(std::move(value));
  }
  const Value state = Value::object({{"version", kVersion}, {"boot_id", boot_id}, {"workers", std::move(workers)}});
  return wire::to_indented_json(state) + "\n";
}

Result<WorkerRecords> decode_state(std::string_view text, std::string_view boot_id) {
  const auto state = wire::parse_json(text);
  if (!state) return std::unexpected(state.error());
  const Value::Array* workers = (*state)["workers"].elements();
  if ((*state)["version"] != Value(kVersion) || workers == nullptr) {
    return fail(ErrorCode::kInvalid, "it is not a state of this version");
  }
  if ((*state)["boot_id"].string_or("") != boot_id) return fail(ErrorCode::kNotFound, "it is of an earlier boot");
  WorkerRecords records;
  for (const Value& value : *workers) {
    const auto phase = phase_from(value, boot_id);
    if (!phase || !value["name"].is_string()) return fail(ErrorCode::kInvalid, "a worker in it is incomplete");
    records.push_back({.name = value["name"].string_or(""),
                       .intent = intent_from(value["intent"].string_or("")),
                       .attempts_used = static_cast<int>(value["attempts_used"].integer_or(0)),
                       .generation = {static_cast<std::uint64_t>(value["generation"].integer_or(0))},
                       .token = value["token"].string_or(""),
                       .phase = *phase});
  }
  return records;
}

platform::Path state_file(const platform::Path& home) { return home / "process_manager.state"; }

Result<WorkerRecords> read_state(const platform::Path& home) {
  const platform::Path file = state_file(home);
  const auto text = platform::read_file(file);
  if (!text && text.error().code == ErrorCode::kNotFound) return WorkerRecords{};
  if (!text) return std::unexpected(text.error());
  auto records = decode_state(*text, platform::boot_id());
  if (!records) return fail_with(format("cannot use {}", file.string()), records.error());
  return records;
}

Result<void> write_state(const platform::Path& home, const WorkerRecords& records) {
  // Read by the successor alone, when its writer is gone.
  return platform::write_file_by_turns(state_file(home), encode_state(records, platform::boot_id()),
                                       home / "process_manager.state.tmp");
}

}  // namespace vj::supervisor_host
