#include "console/status.hpp"

#include <algorithm>
#include <cmath>

#include "base/format.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

// As platform::find_program() says it, and with it the process manager.
constexpr std::string_view kNoProgram = "there is no program ";

}  // namespace

Health health_of(const WorkerRow& worker) {
  switch (worker.state) {
    case WorkerState::kRunning:
      return worker.connected || worker.is_app ? Health::kGood : Health::kWarning;
    case WorkerState::kStarting:
    case WorkerState::kDegraded:
    case WorkerState::kBackingOff:
    case WorkerState::kStopping:
    case WorkerState::kUnknown:
      return Health::kWarning;
    case WorkerState::kFailed:
      return Health::kFailed;
    case WorkerState::kStopped:
      return Health::kAbsent;
  }
  return Health::kAbsent;
}

std::string_view mark_of(Health health) {
  switch (health) {
    case Health::kGood:
      return "✓";
    case Health::kWarning:
      return "⚠";
    case Health::kFailed:
      return "✗";
    case Health::kAbsent:
      return "○";
  }
  return "○";
}

Health WorkerCount::health() const {
  if (failed > 0) return Health::kFailed;
  if (enabled == 0 || (connected == 0 && restarting == 0)) return Health::kAbsent;
  const bool all_are_well = connected == enabled && degraded == 0 && unknown == 0;
  return all_are_well && is_supervised ? Health::kGood : Health::kWarning;
}

WorkerCount count_workers(const Model& model) {
  WorkerCount count;
  count.is_supervised = model.manager.state == ManagerState::kRunning;
  for (const auto& worker : model.workers) {
    if (worker.is_app || !worker.enabled) continue;
    ++count.enabled;
    count.connected += worker.connected ? 1 : 0;
    count.restarting += worker.state == WorkerState::kBackingOff ? 1 : 0;
    count.failed += worker.state == WorkerState::kFailed ? 1 : 0;
    count.degraded += worker.state == WorkerState::kDegraded ? 1 : 0;
    count.unknown += worker.state == WorkerState::kUnknown ? 1 : 0;
  }
  return count;
}

const WorkerRow* find_worker(const Model& model, std::string_view name) {
  const auto found = std::ranges::find(model.workers, name, &WorkerRow::name);
  return found == model.workers.end() ? nullptr : &*found;
}

bool is_up(const Model& model, std::string_view worker) {
  const WorkerRow* row = find_worker(model, worker);
  return row != nullptr && row->connected;
}

const WorkerRow* selected_worker(const Model& model) {
  const auto index = static_cast<std::size_t>(model.selected);
  return index < model.workers.size() ? &model.workers[index] : nullptr;
}

std::string state_words(const Model& model, const WorkerRow& worker) {
  if (const auto asked = model.asked.find(worker.name); asked != model.asked.end()) {
    switch (asked->second) {
      case Asked::kStart:
        return "starting…";
      case Asked::kStop:
        return "stopping…";
      case Asked::kRestart:
        return "restarting…";
    }
  }
  switch (worker.state) {
    case WorkerState::kStopped:
      return worker.is_app ? "not running" : worker.enabled ? "stopped" : "not enabled";
    case WorkerState::kStarting:
      return "starting";
    case WorkerState::kBackingOff:
      return worker.restart_at ? format("restarting in {}", countdown(*worker.restart_at, model.now)) : "restarting";
    case WorkerState::kStopping:
      return "stopping";
    case WorkerState::kFailed:
      return "failed";
    case WorkerState::kUnknown:
      return "unknown";
    case WorkerState::kRunning:
    case WorkerState::kDegraded:
      return worker.connected || worker.is_app ? "" : "reconnecting";
  }
  return {};
}

bool lacks_program(const WorkerRow& worker) { return !worker.installed || worker.reason.contains(kNoProgram); }

std::string command_hint(const WorkerRow& app) { return format("set 'command' in [app.{}]", app.name); }

// An app that is not installed is a matter of the configuration; where it was looked for is in the log.
std::string reason_words(const WorkerRow& worker) { return reason_words(worker, worker.reason); }

std::string reason_words(const WorkerRow& worker, std::string_view reason) {
  const auto found = reason.find(kNoProgram);
  if (!worker.is_app || found == std::string_view::npos) return std::string(reason);
  const auto program = reason.substr(found + kNoProgram.size());
  return format("{}{}: {}", kNoProgram, program.substr(0, program.find_first_of(" ,;")), command_hint(worker));
}

std::string without_home(std::string text, std::string_view home) {
  if (home.size() < 2) return text;
  const std::string folder = std::string(home) + (home.ends_with('/') ? "" : "/");
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    const bool is_within_another = at > 0 && !std::string_view(" '\"(:=,").contains(text[at - 1]);
    if (is_within_another) {
      at += folder.size();
    } else {
      text.erase(at, folder.size());
    }
  }
  return text;
}

std::string display_name(const WorkerRow& worker) {
  if (worker.is_app && worker.name == "synesthesia") return "Synesthesia";
  if (worker.is_app && worker.name == "milksyphon") return "MilkSyphon";
  return worker.name;
}

std::string source_label(std::string_view source) {
  if (source == "spotify") return "Spotify";
  if (source == "virtualdj") return "VirtualDJ";
  return std::string(source);
}

bool is_stale(const SourceReport& report, Time now) {
  return report.lost || now - report.received_at >= kSourceStaleAfter;
}

std::string monitor_of(std::string_view source) { return std::string(source) + "_monitor"; }

std::string silence_words(const Model& model, std::string_view source, const SourceReport& report) {
  const WorkerRow* monitor = find_worker(model, monitor_of(source));
  if (monitor != nullptr && !monitor->connected) {
    const std::string state = state_words(model, *monitor);
    return format("{}: {}", monitor->name, state.empty() ? "not connected" : state);
  }
  return format("last heard {} ago", age(model.now - report.received_at));
}

const SourceReport* active_source(const Model& model) {
  const auto found = model.sources.find(model.active_source);
  return found == model.sources.end() ? nullptr : &found->second;
}

std::string likely_source(const Model& model) {
  const auto worth = [&](const std::string& source, const SourceReport& report) {
    const auto& state = report.state;
    if (!state.track || is_stale(report, model.now)) return 0;
    const bool is_heard = state.is_playing && state.audible;
    return (is_heard ? 4 : state.is_playing ? 2 : 1) * 2 + (source == model.active_source ? 1 : 0);
  };
  std::string likely;
  int most = 0;
  for (const auto& [source, report] : model.sources) {
    if (worth(source, report) <= most) continue;
    most = worth(source, report);
    likely = source;
  }
  return most > 0 ? likely : model.active_source;
}

TargetCount count_targets(const OscStats& stats) {
  TargetCount count;
  for (const auto& target : stats.targets) {
    if (!target.enabled) continue;
    ++count.enabled;
    if (target.problem.empty()) ++count.reached;
  }
  return count;
}

bool hears_osc(const Model& model) { return is_up(model, "osc_debugger"); }

std::string osc_words(const Model& model) {
  if (!model.osc_stats || !hears_osc(model)) return {};
  const auto& stats = *model.osc_stats;
  const TargetCount count = count_targets(stats);
  const std::string_view noun = count.enabled == 1 ? "target" : "targets";
  const std::string targets = count.reached == count.enabled
                                  ? format("{} {}", count.enabled, noun)
                                  : format("{} of {} {}", count.reached, count.enabled, noun);
  const auto out = std::lround(stats.out_per_second), in = std::lround(stats.per_second - stats.out_per_second);
  std::string words = out > 0 ? format("{} msg/s to {}", out, targets) : format("silent, {}", targets);
  if (in > 0) words += format(", {} in", in);
  return words;
}

Duration position_now(const SourceReport& report, Time now) {
  const auto& state = report.state;
  Duration position = state.position;
  if (state.is_playing) {
    const Time until = is_stale(report, now) ? report.received_at : now;
    position += std::chrono::duration_cast<Duration>((until - state.position_at) * state.rate);
  }
  position = std::max(position, Duration{});
  return state.track && state.track->duration ? std::min(position, *state.track->duration) : position;
}

}  // namespace vj::console
