#include "audio/descriptors.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "audio/analyzer.hpp"
#include "support/sounds.hpp"

using namespace vj::audio;
using namespace vj::test;

namespace {

Descriptors descriptors_after(const Sound& sound) {
  Analyzer analyzer({.features = {.pitch = false, .beat = false, .structure = false, .spectrum = false}});
  for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
    (void)analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>());
  }
  return analyzer.features().descriptors;
}

Sound chord(std::initializer_list<int> notes, double seconds) {
  Sound sound = silence(seconds);
  for (const int note : notes) mix(sound, sine(440 * std::exp2((note - 69) / 12.0), seconds, 0.2), 0);
  return sound;
}

}  // namespace

TEST_CASE("a sine's spectrum has its centre and its end at its frequency, and one peak") {
  const auto d = descriptors_after(sine(1000, 1));
  CHECK(d.centroid == doctest::Approx(1000).epsilon(0.02));
  CHECK(d.rolloff == doctest::Approx(1000).epsilon(0.03));
  CHECK(d.complexity == 1);
  CHECK(d.flatness < 0.01F);
  CHECK(d.flux < 0.02F);
}

TEST_CASE("noise is flat and bright") {
  const auto d = descriptors_after(noise(1));
  CHECK(d.flatness > 0.7F);
  CHECK(d.centroid == doctest::Approx(11025).epsilon(0.1));
}

TEST_CASE("silence describes nothing") {
  const auto d = descriptors_after(silence(1));
  CHECK(d.hfc == 0);
  CHECK(d.centroid == 0);
  CHECK(d.flatness == 0);
  CHECK(d.key.empty());
}

TEST_CASE("the chords of a key name it") {
  Sound sound;
  for (int round = 0; round < 3; ++round) {
    for (const auto& notes : {std::initializer_list<int>{60, 64, 67}, {65, 69, 72}, {67, 71, 74}, {60, 64, 67}}) {
      const Sound next = chord(notes, 1);
      sound.insert(sound.end(), next.begin(), next.end());
    }
  }
  CHECK(descriptors_after(sound).key == "C major");
}

TEST_CASE("a key that was taken stays for a second and a half, whatever notes come") {
  std::uint32_t random = 1;
  Analyzer analyzer({.features = {.pitch = false, .beat = false, .structure = false, .spectrum = false}});
  std::string_view before;
  double time = 0, taken_at = 0;
  int taken = 0;
  for (int note = 0; note < 60; ++note) {
    random = random * 1664525 + 1013904223;
    const Sound sound = chord({60 + static_cast<int>((random >> 16U) % 12)}, 0.2);
    for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
      const auto key = analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>()).descriptors.key;
      time += kHop / kRate;
      if (key == before) continue;
      if (!before.empty()) CHECK(time - taken_at > 1.45);
      before = key;
      taken_at = time;
      ++taken;
    }
  }
  CHECK(taken > 1);
}

TEST_CASE("what is shown stays between 0 and 1, also for the loudest noise") {
  for (const float value : shown(descriptors_after(noise(1, 4)))) {
    CHECK(value >= 0);
    CHECK(value <= 1);
  }
}
