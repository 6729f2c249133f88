// start, stop, restart, reset, reload, handover, shutdown: orders to the process manager.
#include "base/format.hpp"
#include "ctl/commands.hpp"
#include "ctl/control_report.hpp"
#include "ctl/session.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "vj_bus/directory.hpp"
#include "wire/names.hpp"

namespace vj::ctl {
namespace {

using wire::Value;

// Sends an order, prints the response or what it means, and ends with what came of it; the result goes to `result`,
// where one is wanted.
int order(Session& session, std::string_view command, Value payload, Value* result = nullptr) {
  const std::string worker = payload["worker"].string_or("");
  const auto response = session.ask(wire::service::kProcessManager, command, std::move(payload));
  if (!response) return session.no_answer(wire::service::kProcessManager, response.error());
  if (result != nullptr) *result = response->result;
  const Outcome outcome = outcome_of(command, worker, *response);
  if (session.json()) {
    session.print_line(wire::encode(*response));
  } else if (outcome.succeeded) {
    session.print_line(outcome.text);
  }
  if (!outcome.succeeded) {
    session.complain(outcome.text + (outcome.worker_is_unknown ? session.instead_of_worker(worker) : ""));
  }
  return outcome.succeeded ? kExitDone : kExitFailed;
}

int order_one_or_all(Session& session, const CommandLine& line, std::string_view one, std::string_view all) {
  if (line.has("--all") != line.words.empty()) return session.wrong_usage("name one worker or app, or give --all");
  if (line.has("--all")) return order(session, all, Value::object());
  return order(session, one, Value::object({{"worker", line.words.front()}}));
}

int run_start(Session& session, const CommandLine& line) {
  return order_one_or_all(session, line, wire::command::kStartWorker, wire::command::kStartAll);
}

int run_stop(Session& session, const CommandLine& line) {
  return order_one_or_all(session, line, wire::command::kStopWorker, wire::command::kStopAll);
}

// Whether that process manager ends before the time is over: a daemon when its process has exited, and so let go of the
// home; a console in its place when it has left the registry.
bool ends_within(Duration longest, const Session& session, const bus::ServiceEntry& manager) {
  platform::EventLoop loop;
  bool has_ended = false;
  const auto end = [&] {
    has_ended = true;
    loop.stop();
  };
  auto deadline = loop.timer([&] { loop.stop(); });
  deadline.after(longest);
  if (manager.metadata[wire::role::kKey].string_or("") == wire::role::kFallback) {
    const auto look = [&](const bus::RegistrySnapshot& services) {
      const auto* entry = services.find(manager.name);
      if (entry == nullptr || entry->pid != manager.pid) end();
    };
    const bus::Directory directory(loop, session.home(), look);
    look(directory.services());
    if (!has_ended) loop.run();
    return has_ended;
  }
  const auto identity = manager.identity();
  if (!identity) return true;  // one of the older system, whose entry does not say enough to wait for it
  const auto process = platform::ProcessHandle::open(*identity);
  if (!process) return true;
  const auto exit = process->watch_exit(loop, end);
  loop.run();
  return has_ended;
}

// Whether another one than `before` registers before the time is over.
bool another_comes_within(Duration longest, const Session& session, platform::Pid before) {
  platform::EventLoop loop;
  bool has_come = false;
  const auto look = [&](const bus::RegistrySnapshot& services) {
    const auto* entry = services.find(wire::service::kProcessManager);
    has_come = entry != nullptr && entry->pid != before && bus::is_alive(*entry);
    if (has_come) loop.stop();
  };
  auto deadline = loop.timer([&] { loop.stop(); });
  deadline.after(longest);
  const bus::Directory directory(loop, session.home(), look);
  look(directory.services());
  if (!has_come) loop.run();
  return has_come;
}

// The workers run on, and the new one adopts them.
int restart_process_manager(Session& session) {
  constexpr Duration kLongest = 10s;
  const auto before = bus::Registry(session.home()).read();
  const auto* manager = before ? before->find(wire::service::kProcessManager) : nullptr;
  const auto response = session.ask(wire::service::kProcessManager, wire::command::kRestart);
  if (!response) return session.no_answer(wire::service::kProcessManager, response.error());
  Outcome outcome = outcome_of(wire::command::kRestart, "", *response);
  if (outcome.succeeded && manager != nullptr && !another_comes_within(kLongest, session, manager->pid)) {
    outcome = {.succeeded = false,
               .text = format("the process manager has gone, but no other came within {} s; to start one: {}",
                              to_seconds(kLongest), how_to_start(session.place()))};
  }
  if (session.json()) {
    session.print_line(wire::encode(*response));
  } else if (outcome.succeeded) {
    session.print_line(outcome.text);
  }
  if (!outcome.succeeded) session.complain(outcome.text);
  return outcome.succeeded ? kExitDone : kExitFailed;
}

int run_restart(Session& session, const CommandLine& line) {
  if (line.words.front() == wire::service::kProcessManager) return restart_process_manager(session);
  if (line.words.front() == "vj_console") {
    return session.wrong_usage("leave vj_console with d, which lets the show run, and start it again");
  }
  return order(session, wire::command::kRestartWorker, Value::object({{"worker", line.words.front()}}));
}

int run_reset(Session& session, const CommandLine& line) {
  return order(session, wire::command::kResetWorker, Value::object({{"worker", line.words.front()}}));
}

int run_reload(Session& session, const CommandLine&) { return order(session, wire::command::kReload, Value::object()); }

// For orders after which there is no process manager, unless it stays: done is when it has ended.
int order_to_end(Session& session, std::string_view command) {
  const auto before = bus::Registry(session.home()).read();
  Value result;
  const int code = order(session, command, Value::object(), &result);
  if (result["stays"].boolean_or(false)) return code;
  const auto* manager = before ? before->find(wire::service::kProcessManager) : nullptr;
  if (code != kExitDone || manager == nullptr) return code;
  const Duration longest = session.longest_stop() + 3s;
  if (ends_within(longest, session, *manager)) return kExitDone;
  session.complain(format("the process manager still runs after {} s", to_seconds(longest)));
  return kExitFailed;
}

int run_handover(Session& session, const CommandLine&) { return order_to_end(session, wire::command::kHandover); }

int run_shutdown(Session& session, const CommandLine&) { return order_to_end(session, wire::command::kShutdownAll); }

}  // namespace

std::vector<CommandSpec> control_commands() {
  return {
      {.name = "start",
       .synopsis = "WORKER | --all",
       .summary = "Start a worker or app",
       .details = "Its attempts count from zero again.",
       .most_words = 1,
       .options = {{"--all", "", "every enabled worker"}},
       .run = run_start},
      {.name = "stop",
       .synopsis = "WORKER | --all",
       .summary = "Stop a worker or app; it stays stopped until somebody starts it",
       .details = "",
       .most_words = 1,
       .options = {{"--all", "", "every worker; apps stay"}},
       .run = run_stop},
      {.name = "restart",
       .synopsis = "WORKER",
       .summary = "Stop a worker or app and start it again, also one that waits for its restart",
       .details = "'restart process_manager' puts a new process manager in the place of the old; the workers run on.",
       .fewest_words = 1,
       .most_words = 1,
       .options = {},
       .run = run_restart},
      {.name = "reset",
       .synopsis = "WORKER",
       .summary = "Forget a worker's failed attempts",
       .details = "",
       .fewest_words = 1,
       .most_words = 1,
       .options = {},
       .run = run_reset},
      {.name = "reload",
       .synopsis = "",
       .summary = "Read the configuration again",
       .details =
           "What can change does; what needs a restart is named. A configuration with a mistake changes nothing.",
       .options = {},
       .run = run_reload},
      {.name = "handover",
       .synopsis = "",
       .summary = "End the process manager alone; workers run on for the next one, as for an upgrade",
       .details = "",
       .options = {},
       .run = run_handover},
      {.name = "shutdown",
       .synopsis = "",
       .summary = "Stop every worker, the apps with stop_on_quit, and the process manager",
       .details = "",
       .options = {},
       .run = run_shutdown},
  };
}

}  // namespace vj::ctl
