// The few things the screens are made of.
#pragma once

#include <string>
#include <string_view>

#include <ftxui/dom/elements.hpp>
#include <ftxui/screen/color.hpp>
#include <ftxui/screen/screen.hpp>

#include "console/log_view.hpp"

namespace vj::console {

using ftxui::Element;
using ftxui::Elements;

// One line, cut with an ellipsis where there is no room; it gives way before its neighbours do.
[[nodiscard]] Element line(std::string text);

// Text in as many rows as there is room for, all that is left of it; what does not fit is cut out of its middle.
[[nodiscard]] Element filling_text(std::string text);

// Text in as many rows as it needs at `width`.
[[nodiscard]] Element paragraph(std::string_view text, int width);

// ┌─══ Title ══──┐ around the content, which begins one blank inside. `corner` stands in the bottom border at the
// right.
[[nodiscard]] Element panel(std::string title, Element content, std::string corner = {});

// ████░░░░, as wide as there is room; `fraction` is 0 to 1.
[[nodiscard]] Element progress_bar(double fraction);

// For nodes that draw themselves: glyphs from (x, y) on, up to and including column `last`; returns the column behind.
int draw(ftxui::Screen& screen, int x, int y, int last, std::string_view text,
         ftxui::Color color = ftxui::Color::Default);

// The lines of a log, as many as there is room for. Borrows `view` until it is drawn.
[[nodiscard]] Element log_list(const LogView& view);

}  // namespace vj::console
