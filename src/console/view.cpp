#include "console/view.hpp"

#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "base/text.hpp"
#include "console/ascii.hpp"
#include "console/elements.hpp"
#include "console/geometry.hpp"
#include "console/keymap.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;
using ftxui::vbox;

Element tab_bar(const Model& model) {
  Elements elements;
  int column = 0;
  for (const auto& tab : tabs(model.screen, model.size.columns)) {
    elements.push_back(text(std::string(static_cast<std::size_t>(tab.column - column), ' ')));
    elements.push_back(text(tab.label) | (tab.screen == model.screen ? theme::accent() : theme::faint()));
    column = tab.column + cells(tab.label);
  }
  return hbox(std::move(elements));
}

Element notice_line(const Model& model) {
  const Health health = model.notice.is_failure ? Health::kFailed : Health::kGood;
  const bool is_neutral = model.quitting != Quitting::kNo;
  return hbox({text(" "), line(model.notice.text) | theme::of(is_neutral ? Health::kWarning : health),
               text(model.notice.is_failure ? "  Esc closes this" : "") | theme::faint()});
}

Element footer(const Model& model) {
  Elements elements{text(" ")};
  for (const auto& hint : footer_hints(model, model.size.columns - 1)) {
    elements.push_back(text(hint.keys) | theme::accent());
    elements.push_back(text(" " + hint.words + std::string(kBehindHint, ' ')));
  }
  return hbox(std::move(elements));
}

std::string match_count(const Model& model) {
  if (model.screen != Screen::kOsc) return format("{} lines", model.logs.size());
  return format("{} of {}", model.osc.size(), model.osc.all());
}

Element prompt(const Model& model) {
  const std::string found = model.notice.is_failure ? "" : "  " + match_count(model);
  return hbox({text(" / ") | theme::accent(), line(*model.filter_prompt), text("▏") | theme::accent(),
               text(found) | theme::number(), ftxui::filler(), text("Enter keep  Esc clear ") | theme::faint()});
}

Element body(const Model& model) {
  switch (model.screen) {
    case Screen::kOverview:
      return overview_screen(model);
    case Screen::kPlayback:
      return playback_screen(model);
    case Screen::kLyrics:
      return lyrics_screen(model);
    case Screen::kAudio:
      return audio_screen(model);
    case Screen::kOsc:
      return osc_screen(model);
    case Screen::kLogs:
      return logs_screen(model);
  }
  return ftxui::emptyElement();
}

Element with_overlay(const Model& model) {
  if (model.help_open) return help_panel(model);
  if (model.details_open && model.screen == Screen::kOverview) return details_panel(model);
  if (model.details_open && model.screen == Screen::kOsc) return osc_details_panel(model);
  return body(model);
}

Element too_small(const Model& model) {
  return vbox({line(format("The terminal is {}x{}.", model.size.columns, model.size.rows)),
               line(format("VJ Console needs {}x{}.", kSmallest.columns, kSmallest.rows)), line("q quits.")});
}

Element root(const Model& model) {
  if (is_too_small(model.size)) return too_small(model);
  Elements rows{title_bar(model), tab_bar(model), with_overlay(model) | ftxui::flex};
  if (!model.notice.text.empty()) rows.push_back(notice_line(model));
  rows.push_back(model.filter_prompt ? prompt(model) : footer(model));
  return vbox(std::move(rows));
}

}  // namespace

ftxui::Screen render(const Model& model) {
  ftxui::Screen frame(std::max(1, model.size.columns), std::max(1, model.size.rows));
  ftxui::Render(frame, root(model));
  if (model.setup.ascii) make_ascii(frame);
  return frame;
}

}  // namespace vj::console
