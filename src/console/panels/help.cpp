#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "console/geometry.hpp"
#include "console/keymap.hpp"
#include "console/panels/panels.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

constexpr int kKeysWidth = 11;

}  // namespace

Element help_panel(const Model& model) {
  Elements rows;
  for (const auto& group : help_groups(model)) {
    if (!rows.empty()) rows.push_back(ftxui::text(""));
    rows.push_back(ftxui::text(group.title) | theme::accent());
    for (const auto& hint : group.hints) {
      rows.push_back(
          ftxui::hbox({ftxui::text("  " + left_aligned(hint.keys, kKeysWidth)) | theme::name(), line(hint.words)}));
    }
  }
  const int page = help_rows(model);
  const int all = static_cast<int>(rows.size());
  const int first = std::clamp(model.help_scroll, 0, std::max(0, all - page));
  rows.erase(rows.begin(), rows.begin() + first);
  if (static_cast<int>(rows.size()) > page) rows.resize(static_cast<std::size_t>(page));
  const bool more = first + page < all || first > 0;
  return panel("Keys", ftxui::vbox(std::move(rows)), more ? "↑↓ PgUp PgDn more, Esc closes" : "Esc closes");
}

}  // namespace vj::console
