#include <ftxui/dom/elements.hpp>

#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"

namespace vj::console {

Element audio_screen(const Model& model) {
  const auto waiting = [&](const char* title) { return waiting_panel(model, title, "audio_analyzer") | ftxui::flex; };
  if (model.size.columns <= kOneColumn) return waiting("Audio Analysis");
  return ftxui::hbox({waiting("Audio Analysis"), waiting("Device")});
}

}  // namespace vj::console
