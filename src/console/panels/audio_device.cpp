#include <algorithm>

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

constexpr auto kTakesIt = "→ listens to it";

// The text in at most `most` rows; what is cut off is told by an ellipsis.
Element paragraph_within(std::string_view words, int width, int most) {
  Elements lines;
  for (const auto& row : wrap(words, width, 0)) {
    if (static_cast<int>(lines.size()) + 1 == most) {
      lines.push_back(line(std::string(words.substr(row.begin))));
      break;
    }
    lines.push_back(line(std::string(words.substr(row.begin, row.size))));
  }
  return ftxui::vbox(std::move(lines));
}

int rows_of_reason(const wire::AudioStats& stats, int width) {
  return static_cast<int>(wrap(stats.reason, width - 2, 0).size());
}

Element state(const AudioState& audio, const wire::AudioStats& stats, int width, int most_rows) {
  if (stats.device.empty()) {
    return hbox({text("⚠ ") | theme::of(Health::kWarning),
                 paragraph_within(stats.reason, width - 2, most_rows) | theme::of(Health::kWarning)});
  }
  const std::string rate = format("  {:.1f} kHz", stats.sample_rate / 1000.0);
  const auto choices = input_choices(audio);
  const auto found = std::ranges::find(choices, stats.device_id, &AudioInputRow::id);
  const int room = std::max(1, width - 2 - cells(rate));
  const std::string name = found == choices.end()
                               ? stats.device
                               : input_label(choices, static_cast<std::size_t>(found - choices.begin()), room);
  return hbox({text("✓ ") | theme::of(Health::kGood), line(name) | theme::name(), text(rate) | theme::faint()});
}

Element choice_row(const std::vector<AudioInputRow>& choices, int index, int selected, int wanted, int width) {
  const bool is_selected = index == selected, is_wanted = index == wanted;
  Element row = hbox({text(is_selected ? "▸ " : "  ") | theme::accent(),
                      text(is_wanted ? "● " : "○ ") | theme::of(is_wanted ? Health::kGood : Health::kAbsent),
                      line(input_label(choices, static_cast<std::size_t>(index), width - 4)), ftxui::filler()});
  return is_selected ? row | theme::selected() : row;
}

}  // namespace

int audio_device_rows(const Model& model, int width) {
  const auto* stats = current_stats(model.audio, model.now);
  if (stats == nullptr) return 3;
  const int state_rows = stats->device.empty() ? rows_of_reason(*stats, width - 4) : 1;
  return state_rows + static_cast<int>(input_choices(model.audio).size());
}

Element audio_device_panel(const Model& model, int width, int rows) {
  constexpr auto kTitle = "Device";
  const AudioState& audio = model.audio;
  const auto* stats = current_stats(audio, model.now);
  if (stats == nullptr) return waiting_panel(model, kTitle, "audio_analyzer");
  const auto choices = input_choices(audio);
  const int count = static_cast<int>(choices.size());
  // The reason gives way before the list does: of that at least what is selected is seen, and what comes next.
  const int least_list = std::min(count, rows >= 5 ? 2 : 1);
  const int state_rows =
      stats->device.empty() ? std::clamp(rows_of_reason(*stats, width - 4), 1, std::max(1, rows - least_list)) : 1;
  const int shown = std::clamp(rows - state_rows, 1, count);
  const int wanted = wanted_choice(audio);
  const int first = std::clamp(audio.selected - shown / 2, 0, count - shown);
  Elements lines{state(audio, *stats, width - 4, state_rows)};
  for (int i = first; i < first + shown; ++i) {
    lines.push_back(choice_row(choices, i, audio.selected, wanted, width - 4));
  }
  const bool may_take = audio.selected != wanted;
  std::string corner = shown < count ? format("{} of {}", audio.selected + 1, count) : "";
  if (may_take) corner += corner.empty() ? kTakesIt : format(" {}", kTakesIt);
  return panel(kTitle, ftxui::vbox(std::move(lines)), std::move(corner));
}

// Of the inputs to choose from there is the one that is about to be chosen.
Elements audio_input_lines(const Model& model, int width) {
  Elements lines;
  const AudioState& audio = model.audio;
  if (const auto* stats = current_stats(audio, model.now)) {
    const auto choices = input_choices(audio);
    const int wanted = wanted_choice(audio);
    if (audio.selected != wanted && audio.selected < static_cast<int>(choices.size())) {
      lines.push_back(choice_row(choices, audio.selected, audio.selected, wanted, width));
    } else {
      constexpr int kAsManyAsItNeeds = 100;
      lines.push_back(state(audio, *stats, width, kAsManyAsItNeeds));
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
