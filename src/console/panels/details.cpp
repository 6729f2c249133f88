#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;

constexpr int kLabelWidth = 11;

Element field(std::string_view label, std::string value) {
  return hbox({text(left_aligned(label, kLabelWidth)) | theme::name(), line(std::move(value))});
}

Elements wrapped_field(std::string_view label, const std::string& value, int width) {
  Elements rows;
  for (const auto& row : wrap(value, std::max(10, width - kLabelWidth), 0)) {
    rows.push_back(field(rows.empty() ? label : "", value.substr(row.begin, row.size)));
  }
  return rows;
}

std::string_view state_name(WorkerState state) {
  switch (state) {
    case WorkerState::kStopped:
      return "stopped";
    case WorkerState::kStarting:
      return "starting";
    case WorkerState::kRunning:
      return "running";
    case WorkerState::kDegraded:
      return "degraded";
    case WorkerState::kBackingOff:
      return "backing off";
    case WorkerState::kStopping:
      return "stopping";
    case WorkerState::kFailed:
      return "failed";
    case WorkerState::kUnknown:
      return "unknown";
  }
  return "";
}

Elements facts(const Model& model, const WorkerRow& worker) {
  const std::string words = state_words(model, worker);
  const std::string state = words.empty() || words == state_name(worker.state)
                                ? std::string(state_name(worker.state))
                                : format("{}, {}", state_name(worker.state), words);
  Elements rows{hbox({text(left_aligned("State", kLabelWidth)) | theme::name(),
                      text(format("{} {}", mark_of(health_of(worker)), state)) | theme::of(health_of(worker))})};
  if (const auto why = reason_words(worker); !why.empty()) {
    for (auto& row : wrapped_field("Reason", why, model.size.columns - 4)) rows.push_back(std::move(row));
  }
  if (worker.ports) rows.push_back(field("Ports", format("{}/{}", worker.ports->command, worker.ports->telemetry)));
  if (worker.pid) {
    rows.push_back(field("Pid", format("{}{}", *worker.pid, worker.adopted ? ", adopted: found running" : "")));
  }
  if (worker.started_at) rows.push_back(field("Up", uptime(*worker.started_at, model.now)));
  if (worker.cpu_percent) rows.push_back(field("CPU", percent(*worker.cpu_percent)));
  if (worker.rss_bytes) rows.push_back(field("Memory", bytes_in_mb(*worker.rss_bytes)));
  rows.push_back(field("Attempts", format("{} of {}", worker.attempts, worker.attempt_limit)));
  if (!worker.version.empty()) rows.push_back(field("Version", worker.version + ": not this console's, r restarts it"));
  rows.push_back(field("Log file", format("{}/logs/{}.log", model.setup.home, worker.name)));
  return rows;
}

}  // namespace

Element details_panel(const Model& model) {
  const WorkerRow* worker = selected_worker(model);
  if (worker == nullptr) return ftxui::emptyElement();
  Elements rows = facts(model, *worker);
  rows.push_back(text(""));
  rows.push_back(text("Last log lines") | theme::accent());
  const int room = std::max(1, body_rows(model) - 2 - static_cast<int>(rows.size()));
  const auto lines = model.logs.last_of(worker->name, static_cast<std::size_t>(room));
  for (const LogLine* log : lines) rows.push_back(line(log->text) | ftxui::color(theme::level(log->level)));
  if (lines.empty()) rows.push_back(line("none yet") | theme::faint());
  return panel(display_name(*worker), ftxui::vbox(std::move(rows)), "r restart  x start/stop  Esc closes");
}

}  // namespace vj::console
