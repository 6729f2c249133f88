#include "console/worker_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "vj_bus/registry.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

constexpr Duration kJitter = 2s;

WorkerState state_from(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, WorkerState>, 8> kWords = {
      {{"stopped", WorkerState::kStopped},
       {"starting", WorkerState::kStarting},
       {"running", WorkerState::kRunning},
       {"degraded", WorkerState::kDegraded},
       {"backing_off", WorkerState::kBackingOff},
       {"stopping", WorkerState::kStopping},
       {"failed", WorkerState::kFailed},
       {"unknown", WorkerState::kUnknown}}};
  const auto found = std::ranges::find(kWords, word, &std::pair<std::string_view, WorkerState>::first);
  return found == kWords.end() ? WorkerState::kUnknown : found->second;
}

bool is_fresh(const RegisteredService& service) {
  return service.alive && service.heartbeat_age < bus::kHeartbeatTimeout;
}

// The later report of the same moment must not move it.
void keep_if_near(std::optional<Time>& value, const std::optional<Time>& before) {
  if (value && before && (*value - *before) < kJitter && (*before - *value) < kJitter) value = before;
}

void apply(WorkerRow& row, const wire::WorkerInfo& info, Time at) {
  row.is_app = info.kind == "app";
  row.enabled = info.enabled;
  row.state = state_from(info.state);
  row.pid = info.pid;
  row.adopted = info.adopted;
  if (info.pid && info.uptime_sec) row.started_at = at - from_seconds(*info.uptime_sec);
  row.cpu_percent = info.cpu_percent;
  row.rss_bytes = info.rss_bytes;
  row.attempts = info.restart_count;
  row.attempt_limit = info.max_restarts;
  if (info.next_restart_in) row.restart_at = at + from_seconds(*info.next_restart_in);
  row.reason = info.reason;
  if (info.command_port && info.telemetry_port) row.ports = PortPair{*info.command_port, *info.telemetry_port};
}

// The registry is newer than the last answer of the process manager: a worker that beats runs, whatever was said of it.
void apply(WorkerRow& row, const RegisteredService& service, std::string_view own_version) {
  row.connected = is_fresh(service);
  if (!service.alive) return;
  row.ports = service.ports;
  const bool is_listed_process = row.pid == service.pid;
  row.pid = service.pid;
  if (!is_listed_process) {
    row.started_at.reset();
    row.adopted = false;
  }
  if (!service.version.empty() && service.version != own_version) row.version = service.version;
  // Which process it is could not be verified, and its heartbeat does not verify it.
  if (row.state == WorkerState::kUnknown) return;
  const bool follows_registry = !is_listed_process || row.state == WorkerState::kStarting ||
                                row.state == WorkerState::kRunning || row.state == WorkerState::kDegraded;
  if (!follows_registry) return;
  if (service.status == wire::status::kRunning) {
    // A reason of the process manager's own, such as a failing health check, stays.
    if (row.state != WorkerState::kDegraded) row.reason.clear();
    if (row.state != WorkerState::kDegraded || !is_listed_process) row.state = WorkerState::kRunning;
  } else if (service.status == wire::status::kDegraded) {
    row.state = WorkerState::kDegraded;
    row.reason = service.reason;
  } else if (service.status == wire::status::kStarting) {
    row.state = WorkerState::kStarting;
  } else {
    row.state = WorkerState::kStopping;
  }
}

WorkerRow configured_row(const config::Worker& worker) {
  WorkerRow row;
  row.name = worker.name;
  row.is_app = worker.kind == config::WorkerKind::kApp;
  row.enabled = worker.enabled;
  row.attempt_limit = worker.supervision.max_restarts;
  if (worker.ports) row.ports = PortPair{worker.ports->command, worker.ports->telemetry};
  return row;
}

WorkerRow& row_named(std::vector<WorkerRow>& rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &WorkerRow::name);
  if (found != rows.end()) return *found;
  WorkerRow row;
  row.name = name;
  row.enabled = false;
  rows.push_back(std::move(row));
  return rows.back();
}

}  // namespace

std::vector<WorkerRow> worker_rows(const WorkerSources& sources, std::span<const WorkerRow> before) {
  std::vector<WorkerRow> rows;
  for (const auto& worker : sources.configured) rows.push_back(configured_row(worker));
  if (sources.listed) {
    // It may have read another configuration since.
    const auto is_unknown = [&](const WorkerRow& row) {
      return std::ranges::find(sources.listed->workers, row.name, &wire::WorkerInfo::name) ==
             sources.listed->workers.end();
    };
    std::erase_if(rows, is_unknown);
    for (const auto& info : sources.listed->workers) apply(row_named(rows, info.name), info, sources.listed->at);
  }
  for (const auto& service : sources.registered) {
    if (service.name == wire::service::kProcessManager) continue;
    const bool is_known = std::ranges::find(rows, service.name, &WorkerRow::name) != rows.end();
    if (is_known || service.alive) apply(row_named(rows, service.name), service, sources.own_version);
  }
  std::erase_if(rows, [](const WorkerRow& row) {
    return !row.enabled && !row.is_app && row.state == WorkerState::kStopped && !row.connected;
  });
  for (auto& row : rows) {
    row.installed = std::ranges::find(sources.not_installed, row.name) == sources.not_installed.end();
    const auto known = std::ranges::find(before, row.name, &WorkerRow::name);
    // It is in no registry, and nobody is there to tell of it.
    const bool was_there = known != before.end() && known->is_app && known->state != WorkerState::kStopped &&
                           known->state != WorkerState::kFailed;
    if (row.is_app && !sources.listed && was_there) row.state = WorkerState::kUnknown;
    if (known == before.end() || known->pid != row.pid) continue;
    if (row.pid && !row.started_at) row.started_at = known->started_at;
    keep_if_near(row.started_at, known->started_at);
    keep_if_near(row.restart_at, known->restart_at);
  }
  return rows;
}

std::optional<Time> next_stale(std::span<const RegisteredService> services, Time now) {
  std::optional<Time> next;
  for (const auto& service : services) {
    if (!is_fresh(service)) continue;
    const Time stale_at = now + (bus::kHeartbeatTimeout - service.heartbeat_age);
    next = next ? std::min(*next, stale_at) : stale_at;
  }
  return next;
}

}  // namespace vj::console
