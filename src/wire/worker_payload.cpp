#include "wire/worker_payload.hpp"

namespace vj::wire {
namespace {

template <class T>
Value or_null(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

std::optional<int> integer_from(const Value& value) {
  return value.is_number() ? std::optional(static_cast<int>(value.integer_or(0))) : std::nullopt;
}

std::optional<double> number_from(const Value& value) {
  return value.is_number() ? std::optional(value.number_or(0)) : std::nullopt;
}

}  // namespace

Value to_value(const WorkerInfo& worker) {
  return Value::object({{"name", worker.name},
                        {"enabled", worker.enabled},
                        {"running", worker.running},
                        {"pid", or_null(worker.pid)},
                        {"restart_count", worker.restart_count},
                        {"state", worker.state},
                        {"reason", worker.reason},
                        {"uptime_sec", or_null(worker.uptime_sec)},
                        {"cpu_percent", or_null(worker.cpu_percent)},
                        {"rss_bytes", or_null(worker.rss_bytes)},
                        {"next_restart_in", or_null(worker.next_restart_in)},
                        {"kind", worker.kind},
                        {"max_restarts", worker.max_restarts},
                        {"stop_timeout", worker.stop_timeout},
                        {"adopted", worker.adopted},
                        {"command_port", or_null(worker.command_port)},
                        {"telemetry_port", or_null(worker.telemetry_port)}});
}

std::optional<WorkerInfo> worker_info_from(const Value& value) {
  const auto* name = value["name"].string();
  if (name == nullptr) return std::nullopt;
  WorkerInfo worker;
  worker.name = *name;
  worker.enabled = value["enabled"].boolean_or(true);
  worker.running = value["running"].boolean_or(false);
  worker.pid = integer_from(value["pid"]);
  worker.restart_count = static_cast<int>(value["restart_count"].integer_or(0));
  worker.max_restarts = static_cast<int>(value["max_restarts"].integer_or(worker.max_restarts));
  worker.stop_timeout = value["stop_timeout"].number_or(worker.stop_timeout);
  worker.state = value["state"].string_or(worker.running ? "running" : "stopped");
  worker.reason = value["reason"].string_or("");
  worker.uptime_sec = number_from(value["uptime_sec"]);
  worker.cpu_percent = number_from(value["cpu_percent"]);
  if (value["rss_bytes"].is_number()) worker.rss_bytes = static_cast<std::uint64_t>(value["rss_bytes"].integer_or(0));
  worker.next_restart_in = number_from(value["next_restart_in"]);
  worker.kind = value["kind"].string_or("worker");
  worker.adopted = value["adopted"].boolean_or(false);
  worker.command_port = integer_from(value["command_port"]);
  worker.telemetry_port = integer_from(value["telemetry_port"]);
  return worker;
}

std::vector<WorkerInfo> worker_list_from(const Value& result) {
  std::vector<WorkerInfo> workers;
  if (const auto* rows = result["workers"].elements()) {
    for (const Value& row : *rows) {
      if (auto worker = worker_info_from(row)) workers.push_back(std::move(*worker));
    }
  }
  return workers;
}

Value to_value(const LifecycleEvent& event) {
  return Value::object({{"event", event.event}, {"worker", event.worker}, {"payload", event.payload}});
}

}  // namespace vj::wire
