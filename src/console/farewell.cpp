#include "console/farewell.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace vj::console {
namespace {

bool needs_no_quotes(char c) {
  const bool is_alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_alphanumeric || std::string_view("/._-+:,@%").contains(c);
}

// The process manager may also be in this process, or about to come back.
bool is_supervised_without_us(const Model& model, int own_pid) {
  const bool is_ours = model.fallback && model.manager.pid == own_pid;
  return model.manager.state == ManagerState::kRunning && !is_ours;
}

bool somebody_supervises_soon(ManagerState state) {
  return state == ManagerState::kLooking || state == ManagerState::kStarting;
}

}  // namespace

std::string quoted_for_shell(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, needs_no_quotes)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Commands commands_for(const StartedWith& options) {
  Commands commands;
  const std::string home = options.home ? " --home " + quoted_for_shell(*options.home) : "";
  commands.vjctl += home;
  commands.console += options.demo ? " --demo" : home;
  if (options.config_file) commands.console += " --config " + quoted_for_shell(*options.config_file);
  return commands;
}

std::string what_goes_on(const Model& model, int own_pid, const Commands& commands) {
  if (is_supervised_without_us(model, own_pid)) {
    return format("The show goes on. {} shows it again, {} shutdown ends it.", commands.console, commands.vjctl);
  }
  const bool is_left_alone =
      !somebody_supervises_soon(model.manager.state) && std::ranges::any_of(model.workers, &WorkerRow::connected);
  if (!is_left_alone) return {};
  return format("The workers run on, and nobody supervises them any more. {} adopts them; q there ends them.",
                commands.console);
}

std::string farewell(Leaving why, const Model& model, int own_pid, const Commands& commands) {
  switch (why) {
    case Leaving::kDetached:
      return what_goes_on(model, own_pid, commands);
    case Leaving::kStoppedButManager:
      return "All workers are stopped. The process manager stays, because a service manager runs it.";
    case Leaving::kStopped:
    case Leaving::kForced:
      return {};
  }
  return {};
}

}  // namespace vj::console
