// The six screens, between the tabs and the footer.
#pragma once

#include "console/elements.hpp"
#include "console/model.hpp"

namespace vj::console {

[[nodiscard]] Element overview_screen(const Model& model);
[[nodiscard]] Element playback_screen(const Model& model);
[[nodiscard]] Element lyrics_screen(const Model& model);
[[nodiscard]] Element audio_screen(const Model& model);
[[nodiscard]] Element osc_screen(const Model& model);
[[nodiscard]] Element logs_screen(const Model& model);

}  // namespace vj::console
