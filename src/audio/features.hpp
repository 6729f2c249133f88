// What the analysis says of the sound, once each hop of 256 samples. Values only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vj::audio {

inline constexpr std::size_t kHop = 256;  // samples
inline constexpr std::size_t kBands = 7;
inline constexpr std::size_t kSpectrumBins = 32;
inline constexpr std::array<double, kBands + 1> kBandEdges{20, 60, 250, 500, 2000, 4000, 6000, 20000};  // Hz
inline constexpr std::array<std::string_view, kBands> kBandNames{"sub_bass", "bass",     "low_mid", "mid",
                                                                 "high_mid", "presence", "air"};

// Parts of the analysis that can be left out; levels are always there.
struct FeatureSet {
  bool descriptors = true, pitch = true, beat = true, structure = true, spectrum = true;

  friend bool operator==(const FeatureSet&, const FeatureSet&) = default;
};

struct Levels {
  std::array<float, kBands> bands{};  // 0-1
  float overall = 0;                  // 0-1
  float rms = 0;                      // linear, of full scale

  [[nodiscard]] float bass() const { return bands[1]; }
  [[nodiscard]] float mids() const { return (bands[2] + bands[3] + bands[4]) / 3; }
  [[nodiscard]] float highs() const { return (bands[5] + bands[6]) / 2; }
};

struct Onset {
  bool now = false;
  float strength = 0;  // of the last one, 0-1
};

struct Beat {
  bool now = false;         // said once for each tracked beat
  double offset = 0;        // seconds from the end of this hop to the beat itself, while `now`
  std::uint64_t count = 0;  // since the beginning
  float strength = 0;       // of the last one, 0-1
  int place = 1;            // of the last one in its bar, 1-4
  float bpm = 0;            // 0 while no beat is followed
  float confidence = 0;     // the probability that tempo and phase are right
  float beat_phase = 0;     // 0-1
  float bar_phase = 0;      // 0-1
  float next = 0;           // seconds to the next one
};

struct Pitch {
  float hertz = 0;  // 0: nothing is sung or played that has one
  float confidence = 0;
};

struct Structure {
  bool build_up = false;
  bool drop = false;         // said once
  std::uint64_t drops = 0;   // since the beginning
  float energy_trend = 0;    // -1 to 1
  float brightness = 0;      // 0-1
  float tension = 0;         // 0-1
  int bars_since_drop = -1;  // -1: there was none yet
};

// As Essentia defines them, of 2048 samples under a Hann window.
struct Descriptors {
  float hfc = 0, flux = 0, centroid = 0, rolloff = 0, flatness = 0, complexity = 0;  // centroid and rolloff in Hz
  std::array<float, 12> chroma{};                                                    // from C, the strongest is 1
  std::string_view key;                                                              // "A minor"; empty: not known
  float key_strength = 0;
};

struct Features {
  Levels levels;
  std::array<float, kSpectrumBins> spectrum{};  // 0-1, logarithmic from 30 Hz to 16 kHz
  Onset onset;
  Beat beat;
  Pitch pitch;
  Structure structure;
  Descriptors descriptors;
  bool silent = true;  // for half a second and more
};

}  // namespace vj::audio
