#include <ftxui/dom/elements.hpp>

#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"

namespace vj::console {

Element osc_screen(const Model& model) { return waiting_panel(model, "OSC Debug", "osc_debugger"); }

}  // namespace vj::console
