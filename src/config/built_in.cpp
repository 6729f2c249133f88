#include "config/built_in.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace vj::config {
namespace {

struct BuiltInWorker {
  std::string_view name;
  std::string_view program;
  bool enabled;
  int port_number;
};

constexpr std::array kBuiltInWorkers{
    BuiltInWorker{"virtualdj_monitor", "virtualdj_monitor_worker", true, 2},
    BuiltInWorker{"osc_debugger", "osc_debugger_worker", true, 4},
    BuiltInWorker{"log_aggregator", "log_aggregator_worker", true, 5},
    BuiltInWorker{"audio_analyzer", "audio_analyzer_worker", true, 6},
    BuiltInWorker{"example_worker", "example_worker", false, 7},
};

Worker app(std::string name, std::string program) {
  Worker worker;
  worker.name = std::move(name);
  worker.command = {std::move(program)};
  worker.kind = WorkerKind::kApp;
  worker.enabled = false;
  return worker;
}

std::uint16_t port_at(std::uint16_t base, int number) { return static_cast<std::uint16_t>(base + number); }

}  // namespace

std::vector<Worker> built_in_workers() {
  std::vector<Worker> workers;
  for (const BuiltInWorker& built_in : kBuiltInWorkers) {
    Worker worker;
    worker.name = built_in.name;
    worker.command = {std::string(built_in.program)};
    worker.enabled = built_in.enabled;
    workers.push_back(std::move(worker));
  }
  Worker synesthesia = app("synesthesia", "synesthesia");
  synesthesia.match = "Synesthesia";
  workers.push_back(std::move(synesthesia));
  Worker milksyphon = app("milksyphon", "projectMSDL");
  milksyphon.match = "projectMSDL";
  milksyphon.restart = false;
  workers.push_back(std::move(milksyphon));
  return workers;
}

std::optional<int> port_number(std::string_view worker) {
  const auto found = std::ranges::find(kBuiltInWorkers, worker, &BuiltInWorker::name);
  if (found == kBuiltInWorkers.end()) return std::nullopt;
  return found->port_number;
}

void assign_ports(std::vector<Worker>& workers, const Bus& bus) {
  std::set<int> taken;
  for (const Worker& worker : workers) {
    if (worker.ports) taken.insert({worker.ports->command, worker.ports->telemetry});
  }
  int next = kFirstAddedPort;
  for (Worker& worker : workers) {
    if (worker.kind == WorkerKind::kApp || worker.ports) continue;
    std::optional<int> number = port_number(worker.name);
    if (!number) {
      while (taken.contains(bus.base_command_port + next) || taken.contains(bus.base_telemetry_port + next)) ++next;
      number = next++;
    }
    worker.ports = Ports{port_at(bus.base_command_port, *number), port_at(bus.base_telemetry_port, *number)};
  }
}

const Worker* find_worker(const Config& config, std::string_view name) {
  const auto found = std::ranges::find(config.workers, name, &Worker::name);
  return found == config.workers.end() ? nullptr : &*found;
}

Config default_config() {
  Config config;
  config.workers = built_in_workers();
  assign_ports(config.workers, config.bus);
  return config;
}

Duration longest_stop(const Config& config) {
  Duration longest = config.process_manager.stop_timeout;
  for (const Worker& worker : config.workers) longest = std::max(longest, worker.supervision.stop_timeout);
  return longest;
}

Ports process_manager_ports(const Bus& bus) { return {bus.base_command_port, bus.base_telemetry_port}; }

}  // namespace vj::config
