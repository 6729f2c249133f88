// Samples as a RIFF WAVE file (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0"):
// mono, 16 bits.
#pragma once

#include <span>
#include <string>

namespace vj::console::demo {

// What lies beyond -1…1 is clipped.
[[nodiscard]] std::string wave_file(std::span<const float> samples, int sample_rate);

}  // namespace vj::console::demo
