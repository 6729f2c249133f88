#include "audio/analyzer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "support/sounds.hpp"

using namespace vj::audio;
using namespace vj::test;

namespace {

// Everything said of a hop, as one list of numbers.
std::vector<float> numbers(const Features& f) {
  std::vector<float> out(f.levels.bands.begin(), f.levels.bands.end());
  out.insert(out.end(), f.spectrum.begin(), f.spectrum.end());
  out.insert(out.end(), f.descriptors.chroma.begin(), f.descriptors.chroma.end());
  for (const float value : {f.levels.overall,
                            f.levels.rms,
                            f.onset.strength,
                            f.beat.strength,
                            f.beat.bpm,
                            f.beat.confidence,
                            f.beat.beat_phase,
                            f.beat.bar_phase,
                            f.beat.next,
                            f.pitch.hertz,
                            f.pitch.confidence,
                            f.structure.energy_trend,
                            f.structure.brightness,
                            f.structure.tension,
                            f.descriptors.hfc,
                            f.descriptors.flux,
                            f.descriptors.centroid,
                            f.descriptors.rolloff,
                            f.descriptors.flatness,
                            f.descriptors.complexity,
                            f.descriptors.key_strength}) {
    out.push_back(value);
  }
  out.push_back(f.beat.now ? 1.0F : 0.0F);
  out.push_back(f.structure.build_up ? 1.0F : 0.0F);
  return out;
}

std::vector<std::vector<float>> listen(Analyzer& analyzer, const Sound& sound) {
  std::vector<std::vector<float>> out;
  for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
    out.push_back(numbers(analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>())));
  }
  return out;
}

std::vector<std::vector<float>> listen(const Sound& sound) {
  Analyzer analyzer({});
  return listen(analyzer, sound);
}

bool all_finite(const std::vector<std::vector<float>>& said) {
  for (const auto& hop : said) {
    for (const float value : hop) {
      if (!std::isfinite(value)) return false;
    }
  }
  return true;
}

Sound music() {
  Sound sound = four_on_the_floor(126, 6);
  mix(sound, sine(220, 6, 0.2), 0);
  return sound;
}

}  // namespace

TEST_CASE("the same sound is told in the same words, hop by hop, by another analyzer and after a reset") {
  const Sound sound = music();
  const auto first = listen(sound);
  Analyzer again({});
  CHECK(listen(again, sound) == first);
  again.reset();
  CHECK(listen(again, sound) == first);
}

TEST_CASE("what is not a number counts as silence, and leaves no trace") {
  Sound broken = music();
  for (std::size_t i = 20000; i < 30000; i += 3) broken[i] = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t i = 20001; i < 30000; i += 3) broken[i] = std::numeric_limits<float>::infinity();
  broken[40000] = 1e30F;
  broken[40001] = -std::numeric_limits<float>::infinity();
  CHECK(all_finite(listen(broken)));

  Sound none(44100, std::numeric_limits<float>::quiet_NaN());
  CHECK(listen(none) == listen(silence(1)));
}

TEST_CASE("clipping, a constant and denormals are analyzed like any sound") {
  Sound clipped = music();
  for (auto& sample : clipped) sample = std::clamp(sample * 50, -1.0F, 1.0F);
  CHECK(all_finite(listen(clipped)));
  CHECK(all_finite(listen(Sound(88200, 0.7F))));
  CHECK(all_finite(listen(Sound(88200, 1e-40F))));
  // A constant is no sound in any band; what its beginning was has faded after two seconds.
  const auto levels = [] {
    Analyzer analyzer({});
    (void)listen(analyzer, Sound(4 * 44100, 0.7F));
    return analyzer.features().levels;
  }();
  for (std::size_t band = 1; band < kBands; ++band) CHECK(levels.bands[band] < 0.05F);
}

TEST_CASE("a constant is silence, and so is what a weak hum adds; a quiet tone beside it is not") {
  Analyzer analyzer({});
  (void)listen(analyzer, Sound(44100, 0.01F));
  CHECK(analyzer.features().silent);
  Sound offset = sine(50, 1, 0.00005);
  for (auto& sample : offset) sample += 0.05F;
  (void)listen(analyzer, offset);
  CHECK(analyzer.features().silent);
  Sound tone = sine(50, 1, 0.001);
  for (auto& sample : tone) sample += 0.05F;
  (void)listen(analyzer, tone);
  CHECK(!analyzer.features().silent);
}

TEST_CASE("a part that is off says nothing, and the others do not notice") {
  const Sound sound = music();
  Analyzer all({}), some({});
  some.set_features({.descriptors = false, .pitch = false, .spectrum = false});
  for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
    const auto hop = std::span<const float>(sound).subspan(i).first<kHop>();
    const auto& a = all.process(hop);
    const auto& b = some.process(hop);
    REQUIRE(a.beat.beat_phase == b.beat.beat_phase);
    REQUIRE(a.structure.brightness == b.structure.brightness);
    REQUIRE(b.pitch.hertz == 0);
    REQUIRE(b.descriptors.centroid == 0);
    REQUIRE(b.spectrum[10] == 0);
  }
}

TEST_CASE("a part that is turned on again begins anew") {
  const Sound sound = music();
  Analyzer analyzer({});
  (void)listen(analyzer, sound);
  REQUIRE(analyzer.features().beat.count > 0);
  analyzer.set_features({.beat = false});
  (void)listen(analyzer, sine(440, 0.5));
  CHECK(analyzer.features().beat.bpm == 0);
  CHECK(analyzer.features().pitch.hertz == doctest::Approx(440).epsilon(0.01));
  analyzer.set_features({});
  (void)listen(analyzer, silence(0.1));
  CHECK(analyzer.features().beat.bpm == 0);
}

TEST_CASE("beats and drops are counted on when their part is switched off and on, and after a reset") {
  const Sound sound = music();
  Analyzer analyzer({});
  (void)listen(analyzer, sound);
  const auto counted = analyzer.features().beat.count;
  REQUIRE(counted > 0);
  analyzer.set_features({.beat = false, .structure = false});
  (void)listen(analyzer, silence(0.2));
  CHECK(analyzer.features().beat.count == counted);
  analyzer.set_features({});
  (void)listen(analyzer, sound);
  CHECK(analyzer.features().beat.count == 2 * counted);
  analyzer.reset();
  CHECK(analyzer.features().beat.count == 2 * counted);
  CHECK(analyzer.features().beat.bpm == 0);
  (void)listen(analyzer, sound);
  CHECK(analyzer.features().beat.count == 3 * counted);
}

TEST_CASE("stages are measured only with a clock") {
  Analyzer analyzer({});
  (void)listen(analyzer, noise(0.1));
  for (const auto time : analyzer.last_times()) CHECK(time == 0);
  analyzer.measure_with([]() noexcept -> std::uint64_t {
    static std::uint64_t now = 0;
    return now += 5;
  });
  (void)listen(analyzer, noise(0.1));
  for (const auto time : analyzer.last_times()) CHECK((time == 0 || time == 5));
  CHECK(analyzer.last_times()[0] == 5);
}

TEST_CASE("48 kHz is heard like 44.1") {
  Analyzer analyzer({.sample_rate = 48000});
  Sound sound(4 * 48000);
  for (std::size_t i = 0; i < sound.size(); ++i)
    sound[i] = 0.4F * std::sin(2 * 3.14159265F * 440 / 48000 * float(i % 4800));
  (void)listen(analyzer, sound);
  CHECK(analyzer.features().pitch.hertz == doctest::Approx(440).epsilon(0.003));
}
