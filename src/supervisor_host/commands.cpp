#include "supervisor_host/commands.hpp"

#include <memory>

#include "base/format.hpp"
#include "supervisor_host/process_manager.hpp"
#include "wire/envelope.hpp"
#include "wire/json.hpp"
#include "wire/names.hpp"

namespace vj::supervisor_host {

namespace {

using supervision::RequestedBy;
using wire::Value;
namespace command = wire::command;

// Answers with {result: true} or {result: false} when the outcome is known. A refusal has no error text, a failure has.
// That it is as it was asked to be needs no reason; what else keeps an order from being carried out is said beside it.
ManagedWorker::Done answer_later(bus::Request request, std::string result) {
  const auto held = std::make_shared<bus::Request>(std::move(request));
  return [held, result](const Outcome& outcome) {
    if (outcome.done) return held->reply(Value::object({{result, true}}));
    if (outcome.refused) {
      Value refusal = Value::object({{result, false}});
      if (!outcome.is_so_already) refusal.set("reason", outcome.reason);
      return held->refuse(std::move(refusal));
    }
    held->fail(Value::object({{result, false}}), outcome.reason);
  };
}

Value strings(const std::vector<std::string>& texts) {
  Value array = Value::array();
  for (const std::string& text : texts) array.append(text);
  return array;
}

}  // namespace

const std::map<std::string_view, Commands::Handler> Commands::kHandlers{
    {command::kHealthCheck, &Commands::health_check},
    {command::kGetState, &Commands::get_state},
    {command::kSetConfig, &Commands::set_config},
    {command::kStartWorker, &Commands::start_worker},
    {command::kStopWorker, &Commands::stop_worker},
    {command::kRestartWorker, &Commands::restart_worker},
    {command::kResetWorker, &Commands::reset_worker},
    {command::kListWorkers, &Commands::list_workers},
    {command::kStartAll, &Commands::start_all},
    {command::kStopAll, &Commands::stop_all},
    {command::kReload, &Commands::reload},
    {command::kHandover, &Commands::leave},
    {command::kYield, &Commands::leave},
    {command::kRestart, &Commands::leave},
    {command::kShutdown, &Commands::shut_down},
    {command::kShutdownAll, &Commands::shut_down}};

Commands::Commands(WorkerTable& table, CommandHooks hooks) : table_(table), hooks_(std::move(hooks)) {}

void Commands::handle(bus::Request request) {
  const auto handler = kHandlers.find(request.command().command);
  if (handler == kHandlers.end()) return request.fail(format("Unknown command: {}", request.command().command));
  (this->*handler->second)(std::move(request));
}

void Commands::health_check(bus::Request request) {
  request.reply(Value::object({{"alive", true}, {"uptime", to_seconds(hooks_.uptime())}}));
}

void Commands::get_state(bus::Request request) {
  Value workers = Value::object();
  int enabled = 0;
  int running = 0;
  const auto rows = table_.list();
  for (const wire::WorkerInfo& row : rows) {
    enabled += row.enabled;
    running += row.running;
    workers.set(
        row.name,
        Value::object({{"enabled", row.enabled},
                       {"running", row.running},
                       {"pid", row.pid ? Value(*row.pid) : Value()},
                       {"restart_count", row.restart_count},
                       {"last_start", row.uptime_sec ? Value(wire::wall_clock() - *row.uptime_sec) : Value()}}));
  }
  const config::Supervision& numbers = hooks_.config().process_manager;
  request.reply(Value::object({{"status", hooks_.status()},
                               {"uptime_sec", to_seconds(hooks_.uptime())},
                               {"config", Value::object({{"check_interval", to_seconds(numbers.check_interval)},
                                                         {"heartbeat_timeout", to_seconds(numbers.heartbeat_timeout)},
                                                         {"base_backoff", to_seconds(numbers.base_backoff)},
                                                         {"max_backoff", to_seconds(numbers.max_backoff)},
                                                         {"max_restarts", numbers.max_restarts},
                                                         {"auto_heal", hooks_.config().console.auto_heal_workers}})},
                               {"metrics", Value::object({{"workers", std::move(workers)},
                                                          {"total_workers", rows.size()},
                                                          {"enabled_workers", enabled},
                                                          {"running_workers", running}})}}));
}

void Commands::set_config(bus::Request request) {
  if (!request.payload()["config"].is_object()) return request.fail("set_config needs an object 'config'");
  if (const auto set = hooks_.set_config(request.payload()["config"]); !set) return request.fail(set.error().message);
  request.reply(Value::object({{"restart_required", false}}));
}

void Commands::start_worker(bus::Request request) {
  ManagedWorker* worker = worker_of(request);
  if (worker == nullptr || is_refused_while_ending(request, "started")) return;
  worker->start(RequestedBy::kPerson, answer_later(std::move(request), "started"));
}

void Commands::stop_worker(bus::Request request) {
  if (ManagedWorker* worker = worker_of(request)) worker->stop(answer_later(std::move(request), "stopped"));
}

void Commands::restart_worker(bus::Request request) {
  ManagedWorker* worker = worker_of(request);
  if (worker == nullptr || is_refused_while_ending(request, "restarted")) return;
  worker->restart(answer_later(std::move(request), "restarted"));
}

void Commands::reset_worker(bus::Request request) {
  ManagedWorker* worker = worker_of(request);
  if (worker == nullptr) return;
  worker->reset();
  request.reply(Value::object({{"reset", true}}));
}

void Commands::list_workers(bus::Request request) {
  Value rows = Value::array();
  for (const wire::WorkerInfo& row : table_.list()) rows.append(wire::to_value(row));
  request.reply(Value::object({{"workers", std::move(rows)}}));
}

void Commands::start_all(bus::Request request) {
  if (hooks_.is_ending()) return request.fail("the process manager is stopping");
  const Value& heals = request.payload()["heal"];
  // What is not understood must not count as a person's request, which forgets attempts.
  if (!heals.is_null() && !heals.is_boolean()) return request.fail("'heal' is to be true or false");
  const bool heal = heals.boolean_or(false);
  const auto held = std::make_shared<bus::Request>(std::move(request));
  table_.start_all(heal ? RequestedBy::kHeal : RequestedBy::kPerson, [held](const StartAllOutcome& outcome) {
    Value refused = Value::array();
    for (const auto& [name, reason] : outcome.refused) {
      refused.append(Value::object({{"name", name}, {"reason", reason}}));
    }
    held->reply(Value::object({{"started", strings(outcome.started)}, {"refused", std::move(refused)}}));
  });
}

void Commands::stop_all(bus::Request request) {
  const auto held = std::make_shared<bus::Request>(std::move(request));
  table_.stop_all(
      [held](const std::vector<std::string>& stopped) { held->reply(Value::object({{"stopped", strings(stopped)}})); });
}

void Commands::reload(bus::Request request) {
  const auto changes = hooks_.reload();
  if (!changes) return request.fail(changes.error().message);
  request.reply(Value::object(
      {{"changed", strings(changes->changed)}, {"restart_required", strings(changes->restart_required)}}));
}

void Commands::leave(bus::Request request) {
  const std::string what = request.command().command;
  if (what == command::kYield && !hooks_.may_yield) {
    return request.fail("only a process manager inside a console yields; this one can hand over");
  }
  request.reply(Value::object({{what, true}}));
  if (what == command::kYield) return hooks_.leave(Ending::kYielded);
  hooks_.leave(what == command::kRestart ? Ending::kRestart : Ending::kHandedOver);
}

void Commands::shut_down(bus::Request request) {
  const bool apps_too = request.command().command == command::kShutdownAll;
  if (apps_too && hooks_.stays) return stop_and_stay(std::move(request));
  request.reply(Value::object({{"stopping", true}}));
  hooks_.shut_down(apps_too ? ShutdownScope::kWorkersAndAppsThatStopOnQuit : ShutdownScope::kWorkers);
}

void Commands::stop_and_stay(bus::Request request) {
  const auto held = std::make_shared<bus::Request>(std::move(request));
  table_.stop(ShutdownScope::kWorkersAndAppsThatStopOnQuit, [held](const std::vector<std::string>& stopped) {
    held->reply(Value::object({{"stopped", strings(stopped)}, {"stays", true}}));
  });
}

ManagedWorker* Commands::worker_of(bus::Request& request) {
  const Value& name = request.payload()["worker"];
  ManagedWorker* worker = name.is_string() ? table_.find(*name.string()) : nullptr;
  if (worker == nullptr) {
    const std::string shown = name.is_string() ? *name.string() : name.is_null() ? "None" : wire::to_json(name);
    request.fail(format("Unknown worker: {}", shown));
  }
  return worker;
}

bool Commands::is_refused_while_ending(bus::Request& request, std::string_view result) const {
  if (!hooks_.is_ending()) return false;
  request.fail(Value::object({{std::string(result), false}}), "the process manager is stopping");
  return true;
}

}  // namespace vj::supervisor_host
