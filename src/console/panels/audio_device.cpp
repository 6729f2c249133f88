#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "base/text.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"

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
    const auto& choice = choices[static_cast<std::size_t>(i)];
    const bool is_selected = i == audio.selected;
    Element row = hbox({text(is_selected ? "▸ " : "  ") | theme::accent(),
                        text(i == wanted ? "● " : "○ ") | theme::of(i == wanted ? Health::kGood : Health::kAbsent),
                        line(printable(choice.name)), ftxui::filler()});
    rows.push_back(is_selected ? row | theme::selected() : row);
  }
  const bool may_take = audio.selected != wanted;
  return panel("Device", ftxui::vbox(std::move(rows)), may_take ? "→ listens to it" : "");
}

}  // namespace vj::console
