// Sounds with known properties, for tests of what hears them. 44.1 kHz, full scale is 1.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

namespace vj::test {

inline constexpr double kRate = 44100;
using Sound = std::vector<float>;

[[nodiscard]] inline std::size_t samples_in(double seconds) { return static_cast<std::size_t>(seconds * kRate); }

[[nodiscard]] inline Sound silence(double seconds) { return Sound(samples_in(seconds)); }

[[nodiscard]] inline Sound sine(double hertz, double seconds, double amplitude = 0.5) {
  Sound sound(samples_in(seconds));
  for (std::size_t i = 0; i < sound.size(); ++i) {
    sound[i] = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / kRate));
  }
  return sound;
}

// White, the same each time; `amplitude` is its largest.
[[nodiscard]] inline Sound noise(double seconds, double amplitude = 0.5) {
  Sound sound(samples_in(seconds));
  std::uint32_t state = 1;
  for (auto& sample : sound) {
    state = state * 1664525U + 1013904223U;
    sample = static_cast<float>(amplitude * (static_cast<double>(state >> 8U) / 8388608.0 - 1));
  }
  return sound;
}

inline void mix(Sound& into, const Sound& what, double at_seconds, double gain = 1) {
  const std::size_t first = samples_in(at_seconds);
  for (std::size_t i = 0; i < what.size() && first + i < into.size(); ++i) {
    into[first + i] += static_cast<float>(gain) * what[i];
  }
}

// A drum: a falling tone for a kick, noise for a hat.
[[nodiscard]] inline Sound kick() {
  Sound sound(samples_in(0.25));
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double t = static_cast<double>(i) / kRate;
    const double turn = 2 * std::numbers::pi * (50 * t + 5 * (1 - std::exp(-30 * t)));
    sound[i] = static_cast<float>(0.9 * std::sin(turn) * std::exp(-12 * t));
  }
  return sound;
}

[[nodiscard]] inline Sound hat() {
  Sound sound = noise(0.06, 0.3);
  for (std::size_t i = sound.size(); i-- > 1;) sound[i] -= sound[i - 1];
  for (std::size_t i = 0; i < sound.size(); ++i) {
    sound[i] *= static_cast<float>(std::exp(-60 * static_cast<double>(i) / kRate));
  }
  return sound;
}

// Kick on the beat, hat between, from `first_beat` seconds on.
[[nodiscard]] inline Sound four_on_the_floor(double bpm, double seconds, double first_beat = 0.25) {
  Sound sound = silence(seconds);
  const double beat = 60 / bpm;
  for (double at = first_beat; at < seconds; at += beat) {
    mix(sound, kick(), at);
    mix(sound, hat(), at + beat / 2);
  }
  return sound;
}

}  // namespace vj::test
