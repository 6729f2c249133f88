#include <array>

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
};
constexpr std::array kToggles{
    Toggle{AudioToggle::kEssentia, "[e]", "Essentia DSP"}, Toggle{AudioToggle::kPitch, "[p]", "Pitch"},
    Toggle{AudioToggle::kBeat, "[o]", "Beat/BPM"},         Toggle{AudioToggle::kStructure, "[t]", "Structure"},
    Toggle{AudioToggle::kSpectrum, "[y]", "Spectrum OSC"}, Toggle{AudioToggle::kLogging, "[l]", "Logging"}};
constexpr int kLabelWidth = 13;
constexpr int kTwoColumns = 46;  // the width from which on they fit

Element state_word(bool is_on, bool is_pending) {
  if (is_pending) return text("…  ") | theme::of(Health::kWarning);
  return text(is_on ? "ON " : "off") | (is_on ? theme::of(Health::kGood) : theme::faint());
}

Element row(const char* key, const char* label, Element state) {
  return hbox({text(format("{} ", key)) | theme::accent(), text(left_aligned(label, kLabelWidth)), std::move(state)});
}

// What a person asked for and the process manager has not done yet is pending.
Element analyzer_row(const Model& model) {
  const WorkerRow* worker = find_worker(model, "audio_analyzer");
  const bool is_on =
      worker != nullptr && worker->state != WorkerState::kStopped && worker->state != WorkerState::kFailed;
  return row("[a]", "Analyzer", state_word(is_on, worker != nullptr && model.asked.contains(worker->name)));
}

}  // namespace

Element audio_features_panel(const Model& model, int width) {
  const AudioState& audio = model.audio;
  const auto* stats = current_stats(audio, model.now);
  Elements cells;
  if (stats != nullptr) {
    for (const auto& [toggle, key, label] : kToggles) {
      cells.push_back(
          row(key, label, state_word(stats->on[static_cast<std::size_t>(toggle)], audio.pending.contains(toggle))));
    }
  }
  cells.push_back(analyzer_row(model));
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

}  // namespace vj::console
