// Where things lie on the screen, as far as more than the view has to know: what a click hits, how far a page scrolls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/model.hpp"
#include "console/text_layout.hpp"

namespace vj::console {

// Smaller than this there is only room to say so.
inline constexpr Size kSmallest{40, 12};

// Up to this width there is one column, above it two; from the wide one on everything has its place.
inline constexpr int kOneColumn = 60;
inline constexpr int kWide = 100;

inline constexpr int kTitleRow = 0;
inline constexpr int kTabRow = 1;

struct Tab {
  Screen screen;
  std::string label;  // " 0 Overview ", "[0 Overview]" for the current one
  int column = 0;
};

[[nodiscard]] std::vector<Tab> tabs(Screen current, int columns);
[[nodiscard]] std::optional<Screen> tab_at(const Model& model, int column, int row);

[[nodiscard]] bool is_too_small(Size size);

// The rows between the tabs and what stands at the bottom.
[[nodiscard]] int body_rows(const Model& model);

// The room for lines on the Logs screen.
[[nodiscard]] TextBox logs_page(const Model& model);

// The rows for messages on the OSC screen, and for lines in the details of one.
[[nodiscard]] int osc_rows(const Model& model);
[[nodiscard]] TextBox osc_details_page(const Model& model);

// The room for lines in the help.
[[nodiscard]] int help_rows(const Model& model);

}  // namespace vj::console
