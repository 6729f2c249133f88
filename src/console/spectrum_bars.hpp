// A spectrum as bars, as high as there is room, with the frequencies below.
#pragma once

#include <span>

#include "console/elements.hpp"

namespace vj::console {

// `bins` are 0 to 1, log-spaced from 30 Hz to 16 kHz; they are copied.
[[nodiscard]] Element spectrum_bars(std::span<const float> bins);

}  // namespace vj::console
