#include "console/geometry.hpp"

#include <algorithm>
#include <array>

#include "base/format.hpp"
#include "console/osc_header.hpp"

namespace vj::console {
namespace {

constexpr std::array kNames = {"Overview", "Playback", "Lyrics & AI", "Audio", "OSC", "Logs"};
constexpr std::array kShortNames = {"Overview", "Playback", "Lyrics", "Audio", "OSC", "Logs"};

// From roomy to tight, until they fit: long names far apart, short names close together, the current name alone.
std::vector<Tab> tabs_in(Screen current, bool short_names, bool only_current, int gap) {
  std::vector<Tab> result;
  int column = 1;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto screen = static_cast<Screen>(i);
    const bool is_current = screen == current;
    std::string label = format("{} {}", i, short_names ? kShortNames[i] : kNames[i]);
    if (only_current && !is_current) label = format("{}", i);
    label = is_current ? format("[{}]", label) : format(" {} ", label);
    const int width = cells(label);
    result.push_back({screen, std::move(label), column});
    column += width + gap;
  }
  return result;
}

int end_of(const std::vector<Tab>& tabs) { return tabs.back().column + cells(tabs.back().label); }

}  // namespace

std::vector<Tab> tabs(Screen current, int columns) {
  auto roomy = tabs_in(current, false, false, 2);
  if (end_of(roomy) <= columns) return roomy;
  auto tight = tabs_in(current, true, false, 0);
  if (end_of(tight) <= columns) return tight;
  return tabs_in(current, true, true, 0);
}

std::optional<Screen> tab_at(const Model& model, int column, int row) {
  if (row != kTabRow) return std::nullopt;
  for (const auto& tab : tabs(model.screen, model.size.columns)) {
    if (column >= tab.column && column < tab.column + cells(tab.label)) return tab.screen;
  }
  return std::nullopt;
}

bool is_too_small(Size size) { return size.columns < kSmallest.columns || size.rows < kSmallest.rows; }

int body_rows(const Model& model) {
  const int notice = model.notice.text.empty() ? 0 : 1;
  return std::max(0, model.size.rows - 3 - notice);
}

TextBox logs_page(const Model& model) {
  return {.width = std::max(1, model.size.columns - 4), .height = std::max(1, body_rows(model) - 2)};
}

int osc_rows(const Model& model) {
  const int blank = model.size.columns >= kWide ? 1 : 0;
  return std::max(1, body_rows(model) - 2 - static_cast<int>(osc_header(model).size()) - blank);
}

TextBox osc_details_page(const Model& model) { return logs_page(model); }

int help_rows(const Model& model) { return std::max(1, body_rows(model) - 2); }

}  // namespace vj::console
