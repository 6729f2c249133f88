#include "supervisor_host/registry_view.hpp"

#include "platform/process_search.hpp"
#include "wire/envelope.hpp"
#include "wire/names.hpp"

namespace vj::supervisor_host {

namespace {

using supervision::ReportedStatus;

// A process is registered some moments after it has started, never before.
constexpr Duration kClockSlack = 5s;

ReportedStatus status_of(const bus::ServiceEntry& entry) {
  if (entry.status == wire::status::kStarting) return ReportedStatus::kStarting;
  if (entry.status == wire::status::kDegraded || entry.status == "error") return ReportedStatus::kDegraded;
  if (entry.status == wire::status::kStopping) return ReportedStatus::kStopping;
  if (entry.status == wire::status::kRestarting) return ReportedStatus::kRestarting;
  return ReportedStatus::kRunning;
}

}  // namespace

std::optional<supervision::Heartbeat> heartbeat_of(const bus::ServiceEntry& entry,
                                                   const std::optional<bus::ServiceEntry>& before,
                                                   supervision::Generation generation, Time now) {
  if (entry == before) return std::nullopt;
  return supervision::Heartbeat{.generation = generation,
                                .beat = beat_of(entry, now).value_or(now),
                                .progress = progress_of(entry),
                                .status = status_of(entry),
                                .reason = entry.reason()};
}

std::optional<Time> beat_of(const bus::ServiceEntry& entry, Time now) {
  if (!entry.metadata["heartbeat_monotonic"].is_number()) return std::nullopt;
  return now - bus::heartbeat_age(entry, now);
}

std::optional<std::uint64_t> progress_of(const bus::ServiceEntry& entry) {
  if (!entry.metadata["progress"].is_integer()) return std::nullopt;
  return static_cast<std::uint64_t>(entry.progress());
}

bool is_younger_than_entry(const bus::ServiceEntry& entry) {
  if (entry.identity()) return false;
  const auto usage = platform::process_usage(entry.pid);
  return usage && platform::age_of(*usage) + kClockSlack < from_seconds(wire::wall_clock() - entry.started_at);
}

}  // namespace vj::supervisor_host
