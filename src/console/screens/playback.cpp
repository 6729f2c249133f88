#include <ftxui/dom/elements.hpp>

#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"

namespace vj::console {
namespace {

constexpr int kStateRows = 14;

}  // namespace

Element playback_screen(const Model& model) {
  if (model.size.columns >= kWide) {
    const int right = model.size.columns * 44 / 100;
    return ftxui::hbox({playback_state_panel(model, model.size.columns - right) | ftxui::flex,
                        sources_panel(model, right) | ftxui::size(ftxui::WIDTH, ftxui::EQUAL, right)});
  }
  const bool both_fit = body_rows(model) >= kStateRows + 4;
  if (!both_fit) return playback_state_panel(model, model.size.columns);
  return ftxui::vbox(
      {playback_state_panel(model, model.size.columns) | ftxui::size(ftxui::HEIGHT, ftxui::EQUAL, kStateRows),
       sources_panel(model, model.size.columns) | ftxui::flex});
}

}  // namespace vj::console
