// The music of the demo: a minute of our own, made of sines and noise, with what a VJ's picture reacts to: a beat at a
// known tempo, a break without bass, a build-up and a drop. It repeats without a seam. The same samples every time.
#pragma once

#include <vector>

namespace vj::console::demo {

inline constexpr double kBeatsPerMinute = 128;
inline constexpr int kBars = 32;        // of four beats: 60 seconds
inline constexpr int kBreakBar = 16;    // from 0: the bass drum goes silent
inline constexpr int kBuildUpBar = 20;  // noise and snare rise
inline constexpr int kDropBar = 24;     // everything is back

// Mono, within -1…1.
[[nodiscard]] std::vector<float> loop(int sample_rate);

}  // namespace vj::console::demo
