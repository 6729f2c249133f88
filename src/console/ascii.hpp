// The screens without a single glyph beyond ASCII, for terminals and fonts that have nothing else.
#pragma once

#include <ftxui/screen/screen.hpp>

namespace vj::console {

// Replaces every glyph by one that means the same as nearly as ASCII allows, `?` where nothing does. Nothing moves.
void make_ascii(ftxui::Screen& frame);

}  // namespace vj::console
