// What the colours mean. The plain ones are the terminal's own, so that a user's palette counts.
#pragma once

#include <ftxui/dom/elements.hpp>
#include <ftxui/screen/color.hpp>

#include "base/log_record.hpp"
#include "console/color_depth.hpp"
#include "console/status.hpp"

namespace vj::console::theme {

// Tells the drawing library what the terminal takes; call before the first frame.
void use(ColorDepth depth);

[[nodiscard]] ftxui::Decorator name();      // of workers, sources, people's things
[[nodiscard]] ftxui::Decorator number();    // what changes and matters
[[nodiscard]] ftxui::Decorator faint();     // absent, old or unimportant
[[nodiscard]] ftxui::Decorator accent();    // the active tab, the selected row
[[nodiscard]] ftxui::Decorator selected();  // the background of the selected row
[[nodiscard]] ftxui::Color selected_color();
[[nodiscard]] ftxui::Decorator title_bar();
[[nodiscard]] ftxui::Decorator of(Health health);
[[nodiscard]] ftxui::Color border();
[[nodiscard]] ftxui::Color match();  // behind the line that n and N went to
[[nodiscard]] ftxui::Color level(LogLevel level);
[[nodiscard]] ftxui::Color bar();
[[nodiscard]] ftxui::Color bar_rest();

}  // namespace vj::console::theme
