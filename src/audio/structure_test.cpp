#include "audio/structure.hpp"

#include <cmath>
#include <complex>
#include <vector>

#include <doctest/doctest.h>

#include "audio/analyzer.hpp"
#include "support/sounds.hpp"

using namespace vj::audio;
using namespace vj::test;

namespace {

struct Told {
  std::vector<double> drops;
  double build_up_from = 0, build_up_until = 0;
  Structure last;
};

Told listen(const Sound& sound) {
  Analyzer analyzer({.features = {.descriptors = false, .pitch = false, .beat = false, .spectrum = false}});
  Told told;
  bool before = false;
  for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
    const auto& now = analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>()).structure;
    const double time = static_cast<double>(i + kHop) / kRate;
    if (now.drop) told.drops.push_back(time);
    if (now.build_up && !before) told.build_up_from = time;
    if (!now.build_up && before) told.build_up_until = time;
    before = now.build_up;
    told.last = now;
  }
  return told;
}

// Noise that gets louder and brighter.
Sound riser(double seconds) {
  Sound sound = noise(seconds, 1);
  float low = 0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double along = static_cast<double>(i) / static_cast<double>(sound.size());
    const auto open = static_cast<float>(0.7 * (1 - along));
    low = low * open + sound[i] * (1 - open);
    sound[i] = static_cast<float>(0.02 + 0.4 * along * along) * (sound[i] - low);
  }
  return sound;
}

constexpr double kBuild = 10, kDrop = 18;

Sound drop_song() {
  Sound sound = four_on_the_floor(120, 30);
  for (std::size_t i = samples_in(kBuild); i < samples_in(kDrop); ++i) sound[i] = 0;
  mix(sound, riser(kDrop - kBuild), kBuild);
  mix(sound, kick(), kDrop);
  return sound;
}

}  // namespace

TEST_CASE("a riser without bass is a build-up, and the bass's return is a drop, once and within 120 ms") {
  const auto told = listen(drop_song());
  CHECK(told.build_up_from > kBuild + 1);
  CHECK(told.build_up_from < kDrop - 1);
  REQUIRE(told.drops.size() == 1);
  CHECK(told.drops[0] - kDrop > 0);
  CHECK(told.drops[0] - kDrop <= 0.12);
  CHECK(told.build_up_until == told.drops[0]);
  CHECK(told.last.drops == 1);
}

TEST_CASE("there are no bars since a drop before the first one") {
  CHECK(listen(four_on_the_floor(120, 8)).last.bars_since_drop == -1);
  StructureListener listener(kRate);
  listener.count_bar();
  const std::vector<std::complex<float>> nothing(1025);
  CHECK(listener.process(nothing).bars_since_drop == -1);
  CHECK(listen(drop_song()).last.bars_since_drop == 0);  // and without beats no bars
}

TEST_CASE("steady music neither builds up nor drops") {
  const auto told = listen(four_on_the_floor(125, 30));
  CHECK(told.drops.empty());
  CHECK(told.build_up_from == 0);
}

TEST_CASE("bass that comes back without a build-up is no drop") {
  Sound sound = four_on_the_floor(120, 24);
  for (std::size_t i = samples_in(10); i < samples_in(16); ++i) sound[i] = 0;
  mix(sound, sine(600, 6, 0.2), 10);
  CHECK(listen(sound).drops.empty());
}

TEST_CASE("the energy trend is up while it gets louder and down while it fades") {
  Sound louder = noise(6, 1), quieter = louder;
  for (std::size_t i = 0; i < louder.size(); ++i) {
    const double along = static_cast<double>(i) / static_cast<double>(louder.size());
    louder[i] *= static_cast<float>(std::pow(10, -2 * (1 - along)));
    quieter[i] *= static_cast<float>(std::pow(10, -2 * along));
  }
  CHECK(listen(louder).last.energy_trend > 0.8F);
  CHECK(listen(quieter).last.energy_trend < -0.8F);
}

TEST_CASE("a bright sound is brighter than a dull one, and silence is dark") {
  const float dull = listen(sine(200, 4)).last.brightness, bright = listen(sine(6000, 4)).last.brightness;
  CHECK(dull < 0.4F);
  CHECK(bright > 0.75F);
  CHECK(listen(silence(4)).last.brightness == 0);
}
