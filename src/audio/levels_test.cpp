#include "audio/levels.hpp"

#include <doctest/doctest.h>

#include "audio/analyzer.hpp"
#include "support/sounds.hpp"

using namespace vj::audio;
using namespace vj::test;

namespace {

Levels levels_after(const Sound& sound) {
  Analyzer analyzer({.features = {false, false, false, false, false}});
  for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
    (void)analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>());
  }
  return analyzer.features().levels;
}

}  // namespace

TEST_CASE("silence has no level in any band") {
  const auto levels = levels_after(silence(1));
  CHECK(levels.overall == 0);
  for (const float level : levels.bands) CHECK(level == 0);
}

TEST_CASE("a tone is loud in its own band and nowhere else") {
  const std::array<double, kBands> tones{43, 120, 360, 1000, 3000, 5000, 10000};
  for (std::size_t band = 0; band < kBands; ++band) {
    const auto levels = levels_after(sine(tones[band], 1));
    CAPTURE(tones[band]);
    CHECK(levels.bands[band] > 0.9F);
    for (std::size_t other = 0; other < kBands; ++other) {
      // The lowest bands are three and nine bins wide, so a tone there shows a little beside.
      if (other + 1 < band || other > band + 1) CHECK(levels.bands[other] < 0.1F);
    }
  }
}

TEST_CASE("equally loud tones have equal levels, whatever their pitch") {
  const std::array<double, 6> tones{120, 360, 1000, 3000, 5000, 10000};
  for (std::size_t i = 0; i < tones.size(); ++i) {
    CAPTURE(tones[i]);
    CHECK(levels_after(sine(tones[i], 1, 0.25)).bands[i + 1] == doctest::Approx(1).epsilon(0.02));
  }
}

TEST_CASE("half the amplitude is six decibels less, in a tone and in noise") {
  for (const bool tone : {true, false}) {
    Sound sound = tone ? sine(1000, 1) : noise(1);
    const Sound quiet = tone ? sine(1000, 1, 0.25) : noise(1, 0.25);
    sound.insert(sound.end(), quiet.begin(), quiet.end());
    // After a second the reference has fallen by three quarters of a decibel.
    CHECK(levels_after(sound).overall == doctest::Approx(1 - (6.02 - 0.75) / LevelScale::kRange).epsilon(0.01));
  }
}

TEST_CASE("the RMS of a sine is its amplitude over the square root of two") {
  CHECK(levels_after(sine(1000, 1, 0.5)).rms == doctest::Approx(0.3536).epsilon(0.01));
}
