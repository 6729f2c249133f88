#include <ftxui/dom/elements.hpp>

#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"

namespace vj::console {

Element lyrics_screen(const Model& model) {
  const auto waiting = [&](const char* title) { return waiting_panel(model, title, "lyrics_fetcher") | ftxui::flex; };
  if (model.size.columns <= kOneColumn) return ftxui::vbox({waiting("Lyrics Status"), waiting("Song Categories")});
  return ftxui::vbox({ftxui::hbox({waiting("Lyrics Status"), waiting("Song Categories")}) | ftxui::flex,
                      ftxui::hbox({waiting("Now Singing"), waiting("Pipeline")}) | ftxui::flex});
}

}  // namespace vj::console
