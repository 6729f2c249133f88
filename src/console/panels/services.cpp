#include <vector>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;

constexpr int kNameWidth = 16;  // "process manager" and a blank

// In a terminal this low each service has one row.
constexpr int kTight = 28;

struct Service {
  std::string name;
  Health health = Health::kAbsent;
  std::string words;
};

// What does not fit beside the name goes on below it, where there is room: it says what is missing and how to get it.
Element service_rows(const Service& service, int width, bool has_rows) {
  const int room = std::max(8, width - kNameWidth - 2);
  const std::string words = has_rows ? service.words : cut_middle(service.words, room);
  Elements rows;
  for (const auto& row : wrap(words, has_rows ? room : 1000, 0)) {
    const bool is_first = rows.empty();
    rows.push_back(hbox({text(is_first ? format("{} ", mark_of(service.health)) : "  ") | theme::of(service.health),
                         text(left_aligned(is_first ? service.name : "", kNameWidth)) | theme::name(),
                         line(words.substr(row.begin, row.size)) |
                             (service.health == Health::kAbsent ? theme::faint() : ftxui::Decorator(ftxui::nothing))}));
  }
  return ftxui::vbox(std::move(rows));
}

Service bus_service(const Model& model) {
  const WorkerCount count = count_workers(model);
  const std::string workers = format("{} worker{}", count.connected, count.connected == 1 ? "" : "s");
  if (model.fallback) return {"FALLBACK", Health::kWarning, "the console runs " + workers + " itself"};
  return {"VJ Bus", count.health(), workers};
}

Service manager_service(const Model& model) {
  const auto& manager = model.manager;
  const std::string name = "process manager";
  switch (manager.state) {
    case ManagerState::kLooking:
      return {name, Health::kAbsent, "looking for it"};
    case ManagerState::kStarting:
      return {name, Health::kWarning, "starting"};
    case ManagerState::kRunning: {
      const std::string pid = manager.pid ? format("pid {}", *manager.pid) : "running";
      return {name, Health::kGood, manager.started_at ? pid + ", " + uptime(*manager.started_at, model.now) : pid};
    }
    case ManagerState::kStopping:
      return {name, Health::kWarning, "stopping"};
    case ManagerState::kBackingOff:
      return {name, Health::kWarning,
              manager.restart_at ? "restart in " + countdown(*manager.restart_at, model.now) : "restarting"};
    case ManagerState::kFailed:
      return {name, Health::kFailed, manager.reason};
    case ManagerState::kAbsent:
      return {name, Health::kAbsent, "not running"};
  }
  return {name, Health::kAbsent, ""};
}

Service source_service(const Model& model, const std::string& source, std::string_view worker) {
  const std::string name = source_label(source);
  const auto found = model.sources.find(source);
  if (found == model.sources.end()) return {name, Health::kAbsent, format("waiting for {}", worker)};
  const SourceReport& report = found->second;
  if (is_stale(report, model.now)) {
    return {name, Health::kAbsent, silence_words(model, source, report)};
  }
  if (report.state.reason.empty()) return {name, Health::kGood, report.state.player};
  const std::string retry =
      report.state.retry_in ? ", retry in " + countdown(report.received_at + *report.state.retry_in, model.now) : "";
  return {name, retry.empty() ? Health::kAbsent : Health::kWarning, report.state.reason + retry};
}

Service audio_service(const Model& model) {
  const std::string name = "Audio";
  const WorkerRow* worker = find_worker(model, "audio_analyzer");
  if (worker == nullptr || !worker->connected) return {name, Health::kAbsent, "waiting for audio_analyzer"};
  const auto* stats = current_stats(model.audio, model.now);
  if (stats == nullptr) return {name, Health::kAbsent, "nothing said yet"};
  if (stats->device.empty()) return {name, Health::kWarning, stats->reason};
  return {name, Health::kGood, stats->silent ? stats->device + ", silence" : stats->device};
}

Service app_service(const Model& model, const WorkerRow& app) {
  const std::string name = display_name(app);
  const bool is_running = app.state == WorkerState::kRunning && !model.asked.contains(app.name);
  if (is_running) return {name, Health::kGood, app.adopted ? "found running" : "running"};
  if (lacks_program(app)) {
    // It is nobody's fault, unless somebody wants it.
    return {name, health_of(app), "not installed: " + command_hint(app)};
  }
  if (app.state == WorkerState::kStopped && !model.asked.contains(app.name)) {
    return {name, Health::kAbsent, "installed, not running"};
  }
  const std::string state = state_words(model, app), why = reason_words(app);
  return {name, health_of(app), why.empty() ? state : format("{}: {}", state, why)};
}

std::string connected_names(const Model& model) {
  std::string names;
  for (const auto& worker : model.workers) {
    if (worker.connected && !worker.is_app) names += (names.empty() ? "" : ", ") + worker.name;
  }
  return names;
}

}  // namespace

Element services_panel(const Model& model, int width) {
  const int inside = width - 4;
  Elements rows;
  std::vector<Service> services{bus_service(model), manager_service(model),
                                source_service(model, "spotify", "spotify_monitor"),
                                source_service(model, "virtualdj", "virtualdj_monitor"), audio_service(model)};
  if (const WorkerRow* synesthesia = find_worker(model, "synesthesia")) {
    services.push_back(app_service(model, *synesthesia));
  }
  for (const Service& service : services) {
    rows.push_back(service_rows(service, inside, model.size.rows > kTight));
  }
  if (const std::string names = connected_names(model); !names.empty()) {
    rows.push_back(text(""));
    rows.push_back(paragraph(names, inside) | theme::faint());
  }
  return panel("Services", ftxui::vbox(std::move(rows)));
}

}  // namespace vj::console
