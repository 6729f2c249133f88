// Draws the model. Pure: the same model gives the same frame.
#pragma once

#include <ftxui/screen/screen.hpp>

#include "console/model.hpp"

namespace vj::console {

[[nodiscard]] ftxui::Screen render(const Model& model);

}  // namespace vj::console
