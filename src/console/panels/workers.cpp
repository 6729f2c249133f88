#include <algorithm>
#include <array>

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
using ftxui::vbox;

constexpr int kMarks = 6;  // "▸ ✓ ● "
constexpr int kCpuWidth = 5;
constexpr int kMemoryWidth = 6;
constexpr int kAttemptWidth = 5;

std::string pid_words(const WorkerRow& worker) {
  return worker.pid ? format("{} {}", worker.adopted ? "adopted" : "pid", *worker.pid) : "";
}

std::string up_words(const Model& model, const WorkerRow& worker) {
  return worker.started_at ? uptime(*worker.started_at, model.now) : "";
}

std::string attempt_words(const WorkerRow& worker) {
  return worker.attempts > 0 ? format("{}/{}", worker.attempts, worker.attempt_limit) : "";
}

std::string key_of(const WorkerRow& worker) {
  if (worker.name == "synesthesia") return "[s]";
  if (worker.name == "milksyphon") return "[m]";
  return {};
}

std::string place_words(const WorkerRow& worker) {
  if (worker.is_app) return key_of(worker);
  return worker.ports ? format("Ports: {}/{}", worker.ports->command, worker.ports->telemetry) : "";
}

// How wide each column is, one blank before it not counted; 0 for one that there is no room for.
struct Columns {
  int name = 12;
  int place = 16;  // "Ports: 5001/5101"
  int pid = 0, up = 0, cpu = 0, memory = 0, attempts = 0;

  // The columns that words like "restarting in 8 s" may take.
  [[nodiscard]] int words() const { return place + (pid > 0 ? 1 + pid : 0); }
  [[nodiscard]] int all() const {
    int width = kMarks + name + 1 + words();
    for (const int column : {up, cpu, memory, attempts}) width += column > 0 ? 1 + column : 0;
    return width;
  }
};

// Where there is no room they go in this order: memory, CPU, uptime, pid.
Columns columns_for(const Model& model, int width) {
  Columns columns;
  for (const auto& worker : model.workers) {
    columns.name = std::max(columns.name, cells(display_name(worker)));
    columns.place = std::max(columns.place, cells(place_words(worker)));
    columns.pid = std::max(columns.pid, cells(pid_words(worker)));
    columns.up = std::max(columns.up, cells(up_words(model, worker)));
    if (worker.cpu_percent) columns.cpu = kCpuWidth;
    if (worker.rss_bytes) columns.memory = kMemoryWidth;
    if (worker.attempts > 0) columns.attempts = kAttemptWidth;
  }
  columns.name = std::min(columns.name, 24);
  for (int* column : {&columns.memory, &columns.cpu, &columns.up, &columns.pid}) {
    if (columns.all() <= width) break;
    *column = 0;
  }
  return columns;
}

// What stands in the columns behind the pid.
struct Statistics {
  std::string up, cpu, memory, attempts;
};

std::string in_columns(const Statistics& values, const Columns& columns) {
  std::string row;
  const auto add = [&](std::string_view value, int width) {
    if (width > 0) row += " " + right_aligned(value, width);
  };
  add(values.up, columns.up);
  add(values.cpu, columns.cpu);
  add(values.memory, columns.memory);
  add(values.attempts, columns.attempts);
  return row;
}

Statistics statistics_of(const Model& model, const WorkerRow& worker) {
  return {.up = up_words(model, worker),
          .cpu = worker.cpu_percent ? percent(*worker.cpu_percent) : "",
          .memory = worker.rss_bytes ? bytes_in_mb(*worker.rss_bytes) : "",
          .attempts = attempt_words(worker)};
}

Element marks(const Model& model, const WorkerRow& worker, bool is_selected) {
  const Health health = model.asked.contains(worker.name) ? Health::kWarning : health_of(worker);
  const bool is_there = worker.connected || (worker.is_app && worker.state == WorkerState::kRunning);
  return hbox({text(is_selected ? "▸ " : "  ") | theme::accent(),
               text(health == Health::kAbsent ? "  " : format("{} ", mark_of(health))) | theme::of(health),
               text(is_there ? "● " : "○ ") | theme::of(health)});
}

// What a worker's reason needs: the rows of its text when nothing is cut off, and where its log is behind it.
struct Reason {
  std::string text;
  std::string_view log;
  int rows = 0;  // 0: there is none
};

Reason reason_of(const WorkerRow& worker, int width) {
  Reason reason{.text = reason_words(worker), .log = {}};
  if (reason.text.empty()) return reason;
  const bool has_ended = worker.state == WorkerState::kBackingOff || worker.state == WorkerState::kFailed;
  if (has_ended && !lacks_program(worker)) reason.log = ", log: Enter";
  const std::string all = reason.text + std::string(reason.log);
  reason.rows = static_cast<int>(wrap(all, width - kMarks, 0).size());
  return reason;
}

// In one row the middle is cut out, because the end says what to do.
Elements reason_rows(const Reason& reason, Health health, int width, bool in_full) {
  const std::string indent(kMarks, ' ');
  const int room = width - kMarks;
  if (!in_full || reason.rows == 1) {
    return {hbox({text(indent), text(cut_middle(reason.text, room - cells(reason.log))) | theme::of(health),
                  text(std::string(reason.log)) | theme::faint()})};
  }
  const std::string all = reason.text + std::string(reason.log);
  Elements rows;
  for (const auto& row : wrap(all, room, 0)) {
    // The words about the log may themselves have been wrapped.
    const auto end = std::min(row.begin + row.size, all.size());
    const auto split = std::clamp(reason.text.size(), row.begin, end);
    rows.push_back(hbox({text(indent), text(all.substr(row.begin, split - row.begin)) | theme::of(health),
                         text(all.substr(split, end - split)) | theme::faint()}));
  }
  return rows;
}

// One row with everything beside the name.
Element in_one_row(const Model& model, const WorkerRow& worker, const Columns& columns, bool is_selected) {
  const std::string state = state_words(model, worker);
  const auto style = worker.connected ? ftxui::Decorator(ftxui::nothing) : theme::faint();
  Element middle;
  if (!state.empty()) {
    const std::string app_key = worker.is_app ? left_aligned(key_of(worker), 4) : "";
    const Health health = model.asked.contains(worker.name) ? Health::kWarning : health_of(worker);
    middle = hbox({text(app_key) | theme::accent(),
                   text(left_aligned(state, columns.words() - cells(app_key))) | theme::of(health)});
  } else {
    middle = hbox({text(left_aligned(place_words(worker), columns.place)) | (worker.is_app ? theme::accent() : style),
                   text(columns.pid > 0 ? " " + left_aligned(pid_words(worker), columns.pid) : "")});
  }
  return hbox({marks(model, worker, is_selected),
               text(left_aligned(display_name(worker), columns.name)) | theme::name(), text(" "), std::move(middle),
               text(in_columns(statistics_of(model, worker), columns)) | theme::number()});
}

// The guide's two rows, for narrow terminals.
Elements in_two_rows(const Model& model, const WorkerRow& worker, bool is_selected) {
  const std::string state = state_words(model, worker);
  Elements rows{hbox({marks(model, worker, is_selected), line(display_name(worker)) | theme::name(),
                      text("  " + attempt_words(worker)) | theme::number()})};
  if (!state.empty()) {
    rows.push_back(hbox({text(std::string(kMarks, ' ')), line(state) | theme::of(health_of(worker))}));
  } else if (const std::string place = place_words(worker); !place.empty()) {
    rows.push_back(hbox({text(std::string(kMarks, ' ')), line(place)}));
  }
  return rows;
}

std::string heading(const WorkerCount& count) {
  std::string words = format("{} workers connected", count.connected);
  if (count.connected == 1) words = "1 worker connected";
  if (count.restarting > 0) words += format(", {} restarting", count.restarting);
  if (count.failed > 0) words += format(", {} failed", count.failed);
  if (count.unknown > 0) words += format(", {} unknown", count.unknown);
  const bool is_all = count.restarting == 0 && count.failed == 0 && count.unknown == 0;
  if (is_all && count.degraded > 0) words += format(", {} degraded", count.degraded);
  return words;
}

Element heading_row(const Model& model, const Columns& columns, bool narrow) {
  const WorkerCount count = count_workers(model);
  Element left = hbox({text(format("{} ", mark_of(count.health()))) | theme::of(count.health()), line(heading(count))});
  if (narrow || model.workers.empty()) return left;
  const int before = kMarks + columns.name + 1 + columns.words();
  return hbox(
      {std::move(left) | ftxui::size(ftxui::WIDTH, ftxui::EQUAL, before),
       text(in_columns({.up = "up", .cpu = "cpu", .memory = "mem", .attempts = "att"}, columns)) | theme::faint()});
}

// What is wrong with the one who runs the workers, or why there are none.
Elements manager_rows(const Model& model, int width) {
  const auto& manager = model.manager;
  switch (manager.state) {
    case ManagerState::kLooking:
      return {line("looking for the process manager…") | theme::faint()};
    case ManagerState::kStarting:
      return {line("starting the process manager…") | theme::of(Health::kWarning)};
    case ManagerState::kStopping:
      return {line("stopping the process manager…") | theme::of(Health::kWarning)};
    case ManagerState::kBackingOff:
      return {line(manager.restart_at
                       ? format("restarting the process manager in {}", countdown(*manager.restart_at, model.now))
                       : std::string("restarting the process manager")) |
              theme::of(Health::kWarning)};
    case ManagerState::kFailed: {
      Elements rows;
      const std::string words = "the process manager failed: " + manager.reason;
      for (const auto& row : wrap(words, width, 0)) {
        rows.push_back(line(words.substr(row.begin, row.size)) | theme::of(Health::kFailed));
      }
      return rows;
    }
    case ManagerState::kAbsent:
      return {line("no process manager is running") | theme::faint(),
              line("x starts it, and then the selected worker") | theme::faint()};
    case ManagerState::kRunning:
      return {line("asking the process manager for its workers…") | theme::faint()};
  }
  return {};
}

// One worker in the list, as it is drawn when there is room for little, and what its whole reason would take more.
struct Entry {
  Elements above;  // the heading of the apps
  Elements own;
  Reason reason;
  bool reason_in_full = false;

  [[nodiscard]] int rows() const {
    const int reason_rows = reason_in_full ? reason.rows : std::min(reason.rows, 1);
    return static_cast<int>(above.size() + own.size()) + reason_rows;
  }
};

int rows_of(const std::vector<Entry>& entries) {
  int rows = 0;
  for (const auto& entry : entries) rows += entry.rows();
  return rows;
}

std::vector<Entry> entries_of(const Model& model, const Columns& columns, int width, bool in_two) {
  std::vector<Entry> entries;
  bool in_apps = false;
  for (std::size_t i = 0; i < model.workers.size(); ++i) {
    const WorkerRow& worker = model.workers[i];
    const bool is_selected = static_cast<int>(i) == model.selected;
    Entry entry;
    if (worker.is_app && !in_apps) entry.above.push_back(text("  Apps") | theme::faint());
    in_apps = worker.is_app;
    entry.own =
        in_two ? in_two_rows(model, worker, is_selected) : Elements{in_one_row(model, worker, columns, is_selected)};
    if (is_selected) entry.own[0] = entry.own[0] | theme::selected();
    entry.reason = reason_of(worker, width);
    entries.push_back(std::move(entry));
  }
  return entries;
}

// Rows that nobody needs go to the reasons, that of the selected worker first.
void give_room_to_reasons(std::vector<Entry>& entries, std::size_t selected, int spare) {
  const auto give = [&](Entry& entry) {
    const int more = entry.reason.rows - 1;
    if (entry.reason_in_full || more < 1 || more > spare) return;
    entry.reason_in_full = true;
    spare -= more;
  };
  if (selected < entries.size()) give(entries[selected]);
  for (auto& entry : entries) give(entry);
}

// Whole entries, as many as there is room for, the selected one among them.
struct Shown {
  std::size_t first = 0;
  std::size_t end = 0;
};

Shown shown_of(const std::vector<Entry>& entries, std::size_t selected, int rows) {
  Shown shown;
  if (entries.empty()) return shown;
  selected = std::min(selected, entries.size() - 1);
  shown.first = shown.end = selected;
  int used = entries[selected].rows();
  while (shown.first > 0 && used + entries[shown.first - 1].rows() <= rows) used += entries[--shown.first].rows();
  shown.end = selected + 1;
  while (shown.end < entries.size() && used + entries[shown.end].rows() <= rows) used += entries[shown.end++].rows();
  return shown;
}

std::string more_words(const Shown& shown, std::size_t count) {
  const std::size_t below = count - shown.end;
  if (shown.first == 0 && below == 0) return "";
  if (below == 0) return format("↑ {} more", shown.first);
  return shown.first == 0 ? format("↓ {} more", below) : format("↑ {} ↓ {} more", shown.first, below);
}

}  // namespace

Element workers_panel(const Model& model, int width, int height) {
  const int inside = width - 4;
  const bool narrow = width <= kOneColumn;
  const Columns columns = columns_for(model, inside);
  const bool has_manager = model.manager.state == ManagerState::kRunning || model.fallback;
  Elements about_manager;
  if (!has_manager || model.workers.empty()) about_manager = manager_rows(model, inside - 2);
  const int room = height - 2 - 1 - static_cast<int>(about_manager.size());

  // The guide's two rows for each, in a narrow terminal that has room for all of them or no room for one row.
  bool in_two = narrow;
  auto entries = entries_of(model, columns, inside, in_two);
  if (in_two && rows_of(entries) > room && columns.all() <= inside) {
    in_two = false;
    entries = entries_of(model, columns, inside, in_two);
  }
  const auto selected = static_cast<std::size_t>(std::max(0, model.selected));
  give_room_to_reasons(entries, selected, room - rows_of(entries));
  const Shown shown = shown_of(entries, selected, room);

  Elements rows{heading_row(model, columns, narrow)};
  for (auto& row : about_manager) rows.push_back(hbox({text("  "), std::move(row)}));
  for (std::size_t i = shown.first; i < shown.end; ++i) {
    Entry& entry = entries[i];
    for (auto& row : entry.above) rows.push_back(std::move(row));
    for (auto& row : entry.own) rows.push_back(std::move(row));
    if (entry.reason.rows == 0) continue;
    for (auto& row : reason_rows(entry.reason, health_of(model.workers[i]), inside, entry.reason_in_full)) {
      rows.push_back(std::move(row));
    }
  }
  return panel("VJ Bus Workers", vbox(std::move(rows)), more_words(shown, entries.size()));
}

}  // namespace vj::console
