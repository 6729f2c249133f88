// status and list: what runs.
#include "ctl/commands.hpp"
#include "ctl/session.hpp"
#include "ctl/status_report.hpp"
#include "platform/process_search.hpp"
#include "vj_bus/registry.hpp"
#include "wire/json.hpp"
#include "wire/names.hpp"

namespace vj::ctl {
namespace {

// By the process itself: what its entry says was read from a wall clock, which may have been set since.
double uptime_of(const bus::ServiceEntry& entry) {
  const auto usage = platform::process_usage(entry.pid);
  return usage ? to_seconds(platform::age_of(*usage)) : 0.0;
}

ManagerInfo manager_info(const bus::ServiceEntry& entry) {
  return {.pid = entry.pid,
          .uptime_sec = uptime_of(entry),
          .version = entry.metadata["version"].string_or(""),
          .command_port = entry.command_port,
          .telemetry_port = entry.telemetry_port,
          .is_fallback = entry.metadata[wire::role::kKey].string_or("") == wire::role::kFallback};
}

// What the registry tells of a worker that nobody supervises.
wire::WorkerInfo worker_info(const bus::ServiceEntry& entry) {
  wire::WorkerInfo info;
  info.name = entry.name;
  info.running = true;
  info.pid = entry.pid;
  info.state = entry.status;
  info.reason = entry.reason();
  info.uptime_sec = uptime_of(entry);
  info.command_port = entry.command_port;
  info.telemetry_port = entry.telemetry_port;
  return info;
}

int run_status(Session& session, const CommandLine&) {
  const auto registry = bus::Registry(session.home()).read();
  if (!registry) {
    session.complain(registry.error().message);
    return kExitFailed;
  }
  SystemStatus status{.home = session.home().string(),
                      .manager = {},
                      .workers = {},
                      .how_to_start = how_to_start(session.place()),
                      .vjctl = session.vjctl()};
  const auto* manager = registry->find(wire::service::kProcessManager);
  const bool is_there = manager != nullptr && bus::is_alive(*manager);
  if (is_there) {
    const auto response = session.ask(wire::service::kProcessManager, wire::command::kListWorkers);
    if (!response) return session.no_answer(wire::service::kProcessManager, response.error());
    status.manager = manager_info(*manager);
    status.workers = wire::worker_list_from(response->result);
  } else {
    for (const bus::ServiceEntry& entry : registry->services) {
      if (entry.name != wire::service::kProcessManager && bus::is_alive(entry)) {
        status.workers.push_back(worker_info(entry));
      }
    }
  }
  if (session.json()) {
    session.print_line(wire::to_json(status_json(status)));
  } else {
    session.print(status_text(status, session.style()));
  }
  return is_there ? kExitDone : kExitNobodyThere;
}

int run_list(Session& session, const CommandLine&) {
  const auto response = session.ask(wire::service::kProcessManager, wire::command::kListWorkers);
  if (!response) return session.no_answer(wire::service::kProcessManager, response.error());
  if (session.json()) {
    session.print_line(wire::to_json(response->result));
  } else {
    session.print(list_text(wire::worker_list_from(response->result), session.style()));
  }
  return kExitDone;
}

}  // namespace

std::vector<CommandSpec> status_commands() {
  return {
      {.name = "status",
       .synopsis = "",
       .summary = "What runs, what is wrong, and what to do about it",
       .details = "Exit code 3 where no process manager runs.",
       .options = {},
       .run = run_status},
      {.name = "list",
       .synopsis = "",
       .summary = "Every worker and app with its numbers, as a table",
       .details = "",
       .options = {},
       .run = run_list},
  };
}

}  // namespace vj::ctl
