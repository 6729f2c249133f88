#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "base/text.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;

constexpr int kMostChoices = 8;

Element state(const wire::AudioStats& stats, int width) {
  if (stats.device.empty()) {
    return hbox(
        {text("⚠ ") | theme::of(Health::kWarning), paragraph(stats.reason, width - 2) | theme::of(Health::kWarning)});
  }
  return hbox({text("✓ ") | theme::of(Health::kGood), line(stats.device) | theme::name(),
               text(format("  {:.1f} kHz", stats.sample_rate / 1000.0)) | theme::faint()});
}

Element choice_row(const AudioInputRow& choice, bool is_selected, bool is_wanted) {
  Element row = hbox({text(is_selected ? "▸ " : "  ") | theme::accent(),
                      text(is_wanted ? "● " : "○ ") | theme::of(is_wanted ? Health::kGood : Health::kAbsent),
                      line(printable(choice.name)), ftxui::filler()});
  return is_selected ? row | theme::selected() : row;
}

constexpr auto kTakesIt = "→ listens to it";

}  // namespace

Element audio_device_panel(const Model& model, int width) {
  const AudioState& audio = model.audio;
  const auto* stats = current_stats(audio, model.now);
  if (stats == nullptr) return waiting_panel(model, "Device", "audio_analyzer");
  Elements rows{state(*stats, width - 4)};
  const auto choices = input_choices(audio);
  const int wanted = wanted_choice(audio);
  const int first = std::max(0, audio.selected - kMostChoices + 1);
  for (int i = first; i < std::min(static_cast<int>(choices.size()), first + kMostChoices); ++i) {
    rows.push_back(choice_row(choices[static_cast<std::size_t>(i)], i == audio.selected, i == wanted));
  }
  const bool may_take = audio.selected != wanted;
  return panel("Device", ftxui::vbox(std::move(rows)), may_take ? kTakesIt : "");
}

// Of the inputs to choose from there is the one that is about to be chosen.
Elements audio_input_lines(const Model& model, int width) {
  Elements lines;
  const AudioState& audio = model.audio;
  if (const auto* stats = current_stats(audio, model.now)) {
    const auto choices = input_choices(audio);
    const int wanted = wanted_choice(audio);
    if (audio.selected != wanted && audio.selected < static_cast<int>(choices.size())) {
      lines.push_back(choice_row(choices[static_cast<std::size_t>(audio.selected)], true, false));
    } else {
      lines.push_back(state(*stats, width));
    }
  }
  for (auto& toggles : audio_toggle_lines(model, width)) lines.push_back(std::move(toggles));
  return lines;
}

std::string audio_input_corner(const Model& model) {
  const AudioState& audio = model.audio;
  if (current_stats(audio, model.now) == nullptr) return "";
  if (audio.selected != wanted_choice(audio)) return kTakesIt;
  if (audio.benchmark_until && *audio.benchmark_until > model.now) {
    return format("measuring, {} left", countdown(*audio.benchmark_until, model.now));
  }
  if (!audio.benchmark || audio.benchmark->verdict.empty()) return "";
  return format("{}, {:.1f} ms to OSC", audio.benchmark->verdict, audio.benchmark->latency.median);
}

}  // namespace vj::console
