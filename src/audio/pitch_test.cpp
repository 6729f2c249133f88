#include "audio/pitch.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "support/sounds.hpp"

using namespace vj::audio;
using namespace vj::test;

namespace {

Pitch pitch_after(const Sound& sound) {
  PitchTracker tracker(kRate);
  Pitch pitch;
  for (std::size_t i = 0; i + PitchTracker::kHop <= sound.size(); i += PitchTracker::kHop) {
    pitch = tracker.process(std::span<const float>(sound).subspan(i).first<PitchTracker::kHop>());
  }
  return pitch;
}

}  // namespace

TEST_CASE("a tone has its pitch within three cents, from the low end of a bass to a whistle") {
  for (const double hertz : {55.0, 82.4, 110.0, 261.6, 440.0, 987.8, 1600.0}) {
    const auto pitch = pitch_after(sine(hertz, 1));
    CAPTURE(hertz);
    CHECK(std::abs(1200 * std::log2(static_cast<double>(pitch.hertz) / hertz)) < 3);
    CHECK(pitch.confidence > 0.9F);
  }
}

TEST_CASE("silence and noise have no pitch") {
  CHECK(pitch_after(silence(1)).hertz == 0);
  CHECK(pitch_after(noise(2)).hertz == 0);
}

TEST_CASE("a constant has no pitch, and adds none to a tone") {
  CHECK(pitch_after(Sound(44100, 0.5F)).hertz == 0);
  Sound tone = sine(440, 1, 0.3);
  for (auto& sample : tone) sample += 0.4F;
  CHECK(pitch_after(tone).hertz == doctest::Approx(440).epsilon(0.002));
}

TEST_CASE("after a tone has ended there is no pitch") {
  Sound sound = sine(440, 1);
  const Sound rest = silence(1);
  sound.insert(sound.end(), rest.begin(), rest.end());
  CHECK(pitch_after(sound).hertz == 0);
}

TEST_CASE("a voice whose second harmonic is far louder than its first keeps its pitch") {
  Sound voice = sine(300, 1, 0.04);
  mix(voice, sine(600, 1, 0.35), 0);
  mix(voice, sine(900, 1, 0.09), 0);
  mix(voice, sine(1200, 1, 0.2), 0);
  CHECK(pitch_after(voice).hertz == doctest::Approx(300).epsilon(0.002));
}

TEST_CASE("a bass note is found to the semitone under as much noise") {
  Sound note = sine(55, 1, 0.3);
  mix(note, noise(1, 0.36), 0);
  CHECK(pitch_after(note).hertz == doctest::Approx(55).epsilon(0.029));
}
