#include "config/worker_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/format.hpp"
#include "base/text.hpp"
#include "config/built_in.hpp"
#include "config/schema.hpp"

namespace vj::config {
namespace {

class WorkerReader {
 public:
  WorkerReader(const Table& document, const Config& config, ReadingContext& context)
      : document_(document), config_(config), context_(context) {
    for (Worker& worker : workers_) inherit(worker);
  }

  void read_worker(const Table& table, int line) {
    TableReader reader(table, line, "[[worker]]", "worker", context_);
    std::string name;
    reader.value("name", name, rule::text());
    if (!reader.has("name")) reader.required("name");
    if (name.empty()) return;
    const Worker* known = find(name);
    WorkerKind kind = known ? known->kind : WorkerKind::kWorker;
    reader.choice("kind", kind);
    if (known && kind != known->kind && !lines_.contains(name)) {
      reader.problem(reader.line_of("kind"), "kind",
                     vj::format("\"{}\" is built in; its 'kind' cannot be changed", name));
      return;
    }
    read(name, kind, reader, line);
  }

  void read_app(const std::string& name, const Table& table, int line) {
    const std::string path = "app." + name;
    TableReader reader(table, line, title_of(path), path, context_);
    const Worker* known = find(name);
    if (known && known->kind != WorkerKind::kApp && !lines_.contains(name)) {
      reader.problem(line, "", vj::format("\"{}\" is a worker, not an app; change it in a [[worker]]", name));
      return;
    }
    read(name, WorkerKind::kApp, reader, line);
  }

  std::vector<Worker> finish() && {
    check_ports();
    std::ranges::stable_partition(workers_, [](const Worker& worker) { return worker.kind == WorkerKind::kWorker; });
    return std::move(workers_);
  }

 private:
  [[nodiscard]] const Worker* find(std::string_view name) const {
    const auto found = std::ranges::find(workers_, name, &Worker::name);
    return found == workers_.end() ? nullptr : &*found;
  }

  void inherit(Worker& worker) const {
    worker.supervision = config_.process_manager;
    worker.log = config_.log.limits;
  }

  void read(const std::string& name, WorkerKind kind, TableReader& reader, int line) {
    if (!is_worker_name(name)) {
      reader.problem(line, "name",
                     vj::format("\"{}\" is no name for a worker: it must begin with a letter and have only letters, "
                                "digits, '_' and '-', at most 64",
                                printable(name)));
      return;
    }
    if (name == "process_manager") {
      reader.problem(line, "name", "\"process_manager\" cannot be a worker: it is who starts them");
      return;
    }
    if (name == "vj") {
      reader.problem(line, "name", "\"vj\" cannot be a worker: its log would be vj.log, where all logs are collected");
      return;
    }
    if (const auto [first, is_new] = lines_.emplace(name, line); !is_new) {
      reader.problem(line, "name", vj::format("\"{}\" has an entry already, in line {}", name, first->second));
      return;
    }
    auto place = std::ranges::find(workers_, name, &Worker::name);
    const bool is_new = place == workers_.end();
    if (is_new) {
      Worker added;
      added.name = name;
      added.kind = kind;
      added.enabled = kind == WorkerKind::kWorker;
      inherit(added);
      place = workers_.insert(workers_.end(), std::move(added));
      reader.required("command");
    }
    describe(reader, *place);
    if (place->ports) lines_of_ports_.emplace(name, reader.line_of("ports"));
    if (reader.is_good("command") && place->command.empty()) {
      reader.problem(reader.line_of("command"), "command",
                     vj::format("'command' of \"{}\" must name a program, as in [\"my_worker\", \"--flag\"]", name));
    }
    if (place->supervision.base_backoff > place->supervision.max_backoff &&
        (reader.has("base_backoff") || reader.has("max_backoff"))) {
      reader.problem(reader.line_of("base_backoff"), "base_backoff",
                     vj::format("'base_backoff' of \"{}\" must not be longer than its 'max_backoff'", name));
    }
    check_health(*place, reader);
    reader.finish();
  }

  // An app publishes nothing, so a check of its topics would find it sick for ever, and restart it for ever.
  static void check_health(const Worker& worker, TableReader& reader) {
    if (worker.kind != WorkerKind::kApp) return;
    for (std::size_t i = 0; i < worker.health.size(); ++i) {
      if (worker.health[i].type != HealthCheckType::kTelemetry) continue;
      reader.problem(
          reader.line_of_item("health", i), "health",
          vj::format("a health check of type \"telemetry\" is for workers: \"{}\" is an app, which publishes "
                     "nothing",
                     worker.name));
    }
  }

  void check_ports() {
    assign_ports(workers_, config_.bus);
    if (!check_bases()) return;
    std::map<int, std::string> owners;
    const auto take = [&](const std::string& name, int port) {
      const auto [other, is_new] = owners.emplace(port, name);
      if (is_new) return;
      // Ports that nobody chose are not to blame.
      const int line = std::max(line_of_ports(name), line_of_ports(other->second));
      context_.problems.push_back({context_.file, line, "worker.ports",
                                   other->second == name
                                       ? vj::format("the two ports of \"{}\" are both {}", name, port)
                                       : vj::format("\"{}\" and \"{}\" both have port {}", other->second, name, port)});
    };
    const Ports manager = process_manager_ports(config_.bus);
    take("process_manager", manager.command);
    take("process_manager", manager.telemetry);
    for (const Worker& worker : workers_) {
      if (!worker.ports) continue;
      take(worker.name, worker.ports->command);
      take(worker.name, worker.ports->telemetry);
    }
  }

  // Whether the ports that count from one base stay clear of those that count from the other.
  bool check_bases() {
    const Bus& bus = config_.bus;
    int highest = 0;
    for (const Worker& worker : workers_) {
      if (worker.ports && !lines_of_ports_.contains(worker.name)) {
        highest = std::max(highest, worker.ports->command - bus.base_command_port);
      }
    }
    if (std::abs(bus.base_command_port - bus.base_telemetry_port) > highest) return true;
    const auto line = [&](std::string_view key) {
      return vj::config::line_of(document_, {.section = "bus", .key = key});
    };
    const Entry* section = find_entry(document_, "bus");
    const auto* keys = section ? std::get_if<Table>(&section->node.value) : nullptr;
    const std::string_view key =
        keys && find_entry(*keys, "base_telemetry_port") ? "base_telemetry_port" : "base_command_port";
    context_.problems.push_back(
        {context_.file, line(key), vj::format("bus.{}", key),
         vj::format(
             "'base_command_port' ({}) and 'base_telemetry_port' ({}) in [bus] must be more than {} apart, so that "
             "each worker's ports fit between them",
             bus.base_command_port, bus.base_telemetry_port, highest)});
    return false;
  }

  [[nodiscard]] int line_of_ports(const std::string& name) const {
    const auto found = lines_of_ports_.find(name);
    return found == lines_of_ports_.end() ? 0 : found->second;
  }

  const Table& document_;
  const Config& config_;
  ReadingContext& context_;
  std::vector<Worker> workers_ = built_in_workers();
  std::map<std::string, int> lines_;           // where each entry stands
  std::map<std::string, int> lines_of_ports_;  // and its ports, where it has some
};

}  // namespace

std::vector<Worker> read_workers(const Table& document, const Config& config, TableReader& top,
                                 ReadingContext& context) {
  WorkerReader reader(document, config, context);
  top.known("worker");
  top.known("app");
  if (const Entry* workers = find_entry(document, "worker")) {
    const auto* items = std::get_if<Array>(&workers->node.value);
    const auto is_table = [](const Node& item) { return std::holds_alternative<Table>(item.value); };
    if (!items || !std::ranges::all_of(*items, is_table)) {
      top.problem(top.line_of("worker"), "worker", "each worker must be a section written [[worker]]");
    } else {
      for (const Node& item : *items) reader.read_worker(std::get<Table>(item.value), item.line);
    }
  }
  if (const Entry* apps = find_entry(document, "app")) {
    const auto* items = std::get_if<Table>(&apps->node.value);
    if (!items) top.problem(top.line_of("app"), "app", "each app must be a section written [app.NAME]");
    for (const Entry& app : items ? *items : Table{}) {
      if (const auto* table = std::get_if<Table>(&app.node.value)) {
        reader.read_app(app.key, *table, app.line);
      } else {
        top.problem(app.line, "app",
                    vj::format("'{}' in [app] must be a section, written [app.NAME]", printable(app.key)));
      }
    }
  }
  return std::move(reader).finish();
}

}  // namespace vj::config
