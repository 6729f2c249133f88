#include "ctl/control_report.hpp"

#include "base/format.hpp"
#include "base/text.hpp"
#include "wire/json.hpp"
#include "wire/names.hpp"

namespace vj::ctl {
namespace {

using wire::Value;

std::string names_in(const Value& list) {
  std::string names;
  if (const auto* elements = list.elements()) {
    for (const Value& name : *elements) names += (names.empty() ? "" : ", ") + printable(name.string_or("?"));
  }
  return names;
}

std::string started_all(const Value& result) {
  const std::string started = names_in(result["started"]);
  std::string text = started.empty() ? "nothing was to be started" : "started: " + started;
  if (const auto* refused = result["refused"].elements()) {
    for (const Value& each : *refused) {
      text += format("\nnot started: {} ({})", printable(each["name"].string_or("?")),
                     printable(each["reason"].string_or("no reason given")));
    }
  }
  return text;
}

std::string stopped_all(const Value& result) {
  const std::string stopped = names_in(result["stopped"]);
  return stopped.empty() ? "nothing was running" : "stopped: " + stopped;
}

std::string reloaded(const Value& result) {
  const std::string changed = names_in(result["changed"]);
  if (changed.empty()) return "nothing changed";
  const std::string restart = names_in(result["restart_required"]);
  std::string text = "changed: " + changed;
  if (restart.empty()) return text;
  text += format("\nneeds a restart to take all of it: {}", restart);
  bool is_by_order = false;
  bool is_by_hand = false;
  for (const Value& name : *result["restart_required"].elements()) {
    (name == Value("vj_console") ? is_by_hand : is_by_order) = true;
  }
  if (is_by_order) text += "\n→ vjctl restart NAME";
  if (is_by_hand) text += "\n→ vj_console: leave it with d, which lets the show run, and start it again";
  return text;
}

std::string success(std::string_view command, std::string_view worker, const Value& result) {
  using namespace wire::command;
  if (command == kStartWorker) return format("{} started", worker);
  if (command == kStopWorker) return format("{} stopped", worker);
  if (command == kRestartWorker) return format("{} restarted", worker);
  if (command == kResetWorker) return format("{}: attempts forgotten", worker);
  if (command == kStartAll) return started_all(result);
  if (command == kStopAll) return stopped_all(result);
  if (command == kReload) return reloaded(result);
  if (command == kRestart) return "process_manager restarted; the workers ran on";
  if (command == kHandover) return "handing over: the process manager ends, the workers run on";
  if (command == kShutdownAll && result["stays"].boolean_or(false)) {
    return stopped_all(result) + "; the process manager stays, because a service manager runs it";
  }
  if (command == kShutdownAll) return "stopping everything";
  return wire::to_json(result);
}

// For a refusal without a text, as the protocol has it for starts and stops.
std::string refusal(std::string_view command, std::string_view worker) {
  using namespace wire::command;
  if (command == kStartWorker) return format("{} runs already, so it was not started", worker);
  if (command == kStopWorker) return format("{} does not run, so it was not stopped", worker);
  return format("the process manager refused '{}' without a reason", command);
}

}  // namespace

Outcome outcome_of(std::string_view command, std::string_view worker, const wire::Response& response) {
  const std::string name = printable(worker);
  if (response.status == wire::Status::kOk) return {true, success(command, name, response.result)};
  if (response.error) {
    return {.succeeded = false,
            .text = printable(*response.error),
            .worker_is_unknown = response.error->starts_with("Unknown worker")};
  }
  const std::string reason = response.result["reason"].string_or("");
  return {false, reason.empty() ? refusal(command, name) : format("{}: {}", name, printable(reason))};
}

}  // namespace vj::ctl
