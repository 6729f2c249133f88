#include <array>
#include <utility>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;
using wire::AudioToggle;

struct Toggle {
  AudioToggle toggle;
  const char* key;
  const char* label;
  const char* short_label;
};
constexpr std::array kToggles{Toggle{AudioToggle::kEssentia, "[e]", "Essentia DSP", "DSP"},
                              Toggle{AudioToggle::kPitch, "[p]", "Pitch", "Pitch"},
                              Toggle{AudioToggle::kBeat, "[o]", "Beat/BPM", "Beat"},
                              Toggle{AudioToggle::kStructure, "[t]", "Structure", "Struct"},
                              Toggle{AudioToggle::kSpectrum, "[y]", "Spectrum OSC", "Spec"},
                              Toggle{AudioToggle::kLogging, "[l]", "Logging", "Log"}};
constexpr auto kAnalyzerKey = "[a]", kAnalyzer = "Analyzer";
constexpr int kLabelWidth = 13, kStateWidth = 3, kGap = 2;
constexpr int kTwoColumns = 46;  // the width from which on they fit

Element state_word(bool is_on, bool is_pending) {
  if (is_pending) return text("…  ") | theme::of(Health::kWarning);
  return text(is_on ? "ON " : "off") | (is_on ? theme::of(Health::kGood) : theme::faint());
}

Element toggle(const char* key, std::string label, Element state) {
  return hbox({text(format("{} ", key)) | theme::accent(), text(std::move(label)), std::move(state)});
}

Element row(const char* key, const char* label, Element state) {
  return toggle(key, left_aligned(label, kLabelWidth), std::move(state));
}

Element state_of(const Model& model, const wire::AudioStats& stats, AudioToggle toggle) {
  return state_word(stats.on[static_cast<std::size_t>(toggle)], model.audio.pending.contains(toggle));
}

// What a person asked for and the process manager has not done yet is pending.
Element analyzer_state(const Model& model) {
  const WorkerRow* worker = find_worker(model, "audio_analyzer");
  const bool is_on =
      worker != nullptr && worker->state != WorkerState::kStopped && worker->state != WorkerState::kFailed;
  return state_word(is_on, worker != nullptr && model.asked.contains(worker->name));
}

}  // namespace

Element audio_features_panel(const Model& model, int width) {
  const auto* stats = current_stats(model.audio, model.now);
  Elements cells;
  if (stats != nullptr) {
    for (const auto& each : kToggles) cells.push_back(row(each.key, each.label, state_of(model, *stats, each.toggle)));
  }
  cells.push_back(row(kAnalyzerKey, kAnalyzer, analyzer_state(model)));
  const std::size_t columns = width >= kTwoColumns ? 2 : 1;
  Elements rows;
  for (std::size_t i = 0; i < cells.size(); i += columns) {
    Elements row_cells{cells[i]};
    if (columns == 2 && i + 1 < cells.size()) {
      row_cells.push_back(text("   "));
      row_cells.push_back(cells[i + 1]);
    }
    rows.push_back(hbox(std::move(row_cells)));
  }
  return panel("Features", ftxui::vbox(std::move(rows)));
}

Elements audio_toggle_lines(const Model& model, int width) {
  Elements lines, row;
  int used = 0;
  const auto add = [&](const char* key, std::string label, Element state) {
    const int needed = cells(key) + 1 + cells(label) + 1 + kStateWidth;
    if (!row.empty() && used + kGap + needed > width) {
      lines.push_back(hbox(std::exchange(row, {})));
      used = 0;
    }
    if (!row.empty()) row.push_back(text(std::string(kGap, ' '))), used += kGap;
    row.push_back(toggle(key, std::move(label) + " ", std::move(state)));
    used += needed;
  };
  if (const auto* stats = current_stats(model.audio, model.now)) {
    for (const auto& each : kToggles) add(each.key, each.short_label, state_of(model, *stats, each.toggle));
  }
  add(kAnalyzerKey, kAnalyzer, analyzer_state(model));
  lines.push_back(hbox(std::move(row)));
  return lines;
}

}  // namespace vj::console
