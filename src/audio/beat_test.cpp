// Beats as the whole chain hears them.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "audio/analyzer.hpp"
#include "support/sounds.hpp"

using namespace vj::audio;
using namespace vj::test;

namespace {

struct Heard {
  std::vector<double> beats, onsets;  // seconds, at the end of the hop that said so
  std::vector<std::uint64_t> counts;
  Beat last;
};

Heard listen(Analyzer& analyzer, const Sound& sound) {
  Heard heard;
  for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
    const auto& now = analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>());
    const double time = static_cast<double>(i + kHop) / kRate;
    if (now.beat.now) heard.beats.push_back(time), heard.counts.push_back(now.beat.count);
    if (now.onset.now) heard.onsets.push_back(time);
    heard.last = now.beat;
  }
  return heard;
}

Heard listen(const Sound& sound) {
  Analyzer analyzer({.features = {.descriptors = false, .pitch = false, .structure = false, .spectrum = false}});
  return listen(analyzer, sound);
}

// The beats from `since` on that are not within 70 ms of a multiple of the beat, and the multiples that have none.
int wrong_beats(const Heard& heard, double bpm, double first, double since, double until) {
  const double length = 60 / bpm;
  int wrong = 0;
  for (const double beat : heard.beats) {
    const double off = std::remainder(beat - first, length);
    if (beat > since && beat < until && std::abs(off) > 0.07) ++wrong;
  }
  for (double due = first; due < until; due += length) {
    if (due < since) continue;
    int here = 0;
    for (const double beat : heard.beats) here += std::abs(beat - due) <= 0.07 ? 1 : 0;
    if (here != 1) ++wrong;
  }
  return wrong;
}

}  // namespace

TEST_CASE("four on the floor is followed from the third second on, each beat said once, at any usual tempo") {
  for (const double bpm : {100.0, 120.0, 128.0, 140.0}) {
    const auto heard = listen(four_on_the_floor(bpm, 16));
    CAPTURE(bpm);
    CHECK(wrong_beats(heard, bpm, 0.25, 3, 15.5) == 0);
    CHECK(static_cast<double>(heard.last.bpm) == doctest::Approx(bpm).epsilon(0.001));
    CHECK(heard.last.confidence >= 0.8F);
  }
}

TEST_CASE("a kick and nothing else is counted once a beat") {
  for (const double bpm : {70.0, 75.0, 80.0, 85.0, 90.0, 100.0, 110.0, 120.0, 125.0, 130.0, 140.0, 150.0, 160.0}) {
    Sound sound = silence(12);
    for (double at = 0.5; at < 12; at += 60 / bpm) mix(sound, kick(), at);
    CAPTURE(bpm);
    CHECK(static_cast<double>(listen(sound).last.bpm) == doctest::Approx(bpm).epsilon(0.005));
  }
}

TEST_CASE("a metronome with nothing between its clicks is counted within three seconds, and goes on being counted") {
  Sound click = sine(1000, 0.02, 0.8);
  for (std::size_t i = 0; i < click.size(); ++i) click[i] *= std::exp(-static_cast<float>(i) / 220);
  for (const double bpm : {90.0, 100.0, 110.0, 120.0, 128.0, 140.0}) {
    Sound sound = silence(10);
    for (double at = 0.3; at < 10; at += 60 / bpm) mix(sound, click, at);
    CAPTURE(bpm);
    Analyzer analyzer({.features = {.descriptors = false, .pitch = false, .structure = false, .spectrum = false}});
    int wrong = 0;
    for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
      const auto& now = analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>());
      if (i > samples_in(3.3) && std::abs(static_cast<double>(now.beat.bpm) / bpm - 1) > 0.015) ++wrong;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("slow clicks, which are counted twice as fast at first, are counted once a beat from the eighth second on") {
  for (const double bpm : {70.0, 75.0, 80.0, 85.0}) {
    Sound sound = silence(12);
    for (double at = 0.3; at < 12; at += 60 / bpm) mix(sound, hat(), at, 3);
    CAPTURE(bpm);
    CHECK(wrong_beats(listen(sound), bpm, 0.3, 8, 11.5) == 0);
  }
}

TEST_CASE("the first sound after a silence is taken for a beat, rather than a louder one that follows at once") {
  for (const double before : {0.2, 0.5, 1.1, 1.25, 3.37}) {
    Analyzer analyzer({});
    for (int piece = 0; piece < 2; ++piece) {  // the second comes after music
      Sound sound = silence(before + 2.5 * piece);
      const double first = static_cast<double>(sound.size()) / kRate;
      const Sound rest = silence(0.2);
      sound.insert(sound.end(), rest.begin(), rest.end());
      mix(sound, hat(), first);
      mix(sound, kick(), first + 0.13);
      (void)listen(analyzer, sound);
      CAPTURE(before);
      CAPTURE(piece);
      CHECK(analyzer.features().beat.beat_phase > 0.25F);
      CHECK(analyzer.features().beat.beat_phase < 0.5F);
      (void)listen(analyzer, four_on_the_floor(128, 5));
    }
  }
}

TEST_CASE("a beat is followed at 48 kHz as well") {
  Analyzer analyzer({.sample_rate = 48000});
  const auto heard = listen(analyzer, four_on_the_floor(110, 12));  // so played, faster
  CHECK(static_cast<double>(heard.last.bpm) == doctest::Approx(110 * 48000 / kRate).epsilon(0.002));
}

TEST_CASE("through a break without drums the beat runs on for sixteen beats, less and less sure, and no further") {
  Analyzer analyzer({.features = {.descriptors = false, .pitch = false, .structure = false, .spectrum = false}});
  const double beat = 60.0 / 128;
  const auto drums = listen(analyzer, four_on_the_floor(128, 0.25 + 32 * beat));
  REQUIRE(drums.last.confidence >= 0.8F);

  // A held chord, with nothing in it that begins.
  Sound chord = sine(220, 24 * beat, 0.2);
  mix(chord, sine(277.2, 24 * beat, 0.2), 0);
  std::vector<float> confidence;
  std::vector<double> beats;
  const auto hops_a_beat = static_cast<std::size_t>(beat * kRate / kHop);
  for (std::size_t at = 0; at + hops_a_beat * kHop <= chord.size(); at += hops_a_beat * kHop) {
    const auto first = chord.begin() + static_cast<std::ptrdiff_t>(at);
    const auto heard = listen(analyzer, Sound(first, first + static_cast<std::ptrdiff_t>(hops_a_beat * kHop)));
    for (const double moment : heard.beats) beats.push_back(static_cast<double>(at) / kRate + moment);
    confidence.push_back(heard.last.confidence);
  }
  CHECK(beats.size() >= 15);
  CHECK(beats.size() <= 17);
  for (std::size_t i = 1; i < beats.size(); ++i) CHECK(beats[i] - beats[i - 1] == doctest::Approx(beat).epsilon(0.05));
  CHECK(confidence[7] < drums.last.confidence);
  CHECK(confidence[14] < confidence[7]);
  CHECK(confidence.back() < 0.1F);

  const auto after = listen(analyzer, silence(3));
  for (const double at : after.beats) CHECK(at < 0.6);  // the chord breaks off, which may be one more
  CHECK(after.last.bpm == 0);
}

TEST_CASE("beats are counted one by one") {
  const auto heard = listen(four_on_the_floor(128, 10));
  REQUIRE(heard.counts.size() > 8);
  for (std::size_t i = 0; i < heard.counts.size(); ++i) CHECK(heard.counts[i] == i + 1);
}

TEST_CASE("the beats of a bar are numbered from its first one on, wherever in it the music is joined") {
  // Bars of a kick on each beat, a clap on the second and fourth, and a bass that changes its note with the bar.
  const double beat = 60.0 / 124, bar = 4 * beat;
  Sound music = silence(16 * bar);
  for (int b = 0; b < 16; ++b) {
    for (int i = 0; i < 4; ++i) {
      mix(music, kick(), b * bar + i * beat, 0.8);
      mix(music, hat(), b * bar + (i + 0.5) * beat, 0.7);
      if (i % 2 == 1) mix(music, noise(0.08, 0.4), b * bar + i * beat);
    }
    mix(music, sine(b % 2 == 0 ? 82.4 : 110, bar * 0.95, 0.3), b * bar);
    if (b % 4 == 0) mix(music, noise(1.2, 0.15), b * bar);
  }
  for (const int joined : {0, 1, 2, 3}) {
    const auto from = static_cast<std::ptrdiff_t>(samples_in(joined * beat));
    Sound sound = silence(joined == 0 ? 0.3 : 0);
    sound.insert(sound.end(), music.begin() + from, music.end());
    const double first = joined == 0 ? 0.3 : -joined * beat;
    Analyzer analyzer({});
    int right = 0, said = 0;
    for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
      const auto& now = analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>()).beat;
      const double time = static_cast<double>(i + kHop) / kRate;
      if (!now.now || time < 14) continue;
      ++said;
      if (now.place == std::lround((time - first) / beat) % 4 + 1) ++right;
    }
    CAPTURE(joined);
    CHECK(said > 27);
    CHECK(right == said);
  }
}

TEST_CASE("silence has no beat, no tempo and no confidence, before music and after it") {
  auto heard = listen(silence(5));
  CHECK(heard.beats.empty());
  CHECK(heard.last.bpm == 0);
  CHECK(heard.last.confidence == 0);

  Sound sound = four_on_the_floor(128, 8);
  const Sound rest = silence(4);
  sound.insert(sound.end(), rest.begin(), rest.end());
  heard = listen(sound);
  REQUIRE(!heard.beats.empty());
  CHECK(heard.beats.back() < 9);
  CHECK(heard.last.bpm == 0);
  CHECK(heard.last.confidence == 0);
}

TEST_CASE("after a stop the tempo that was there before is known again before the third beat") {
  for (const double bpm : {110.0, 122.0, 135.0}) {
    Analyzer analyzer({.features = {.descriptors = false, .pitch = false, .structure = false, .spectrum = false}});
    listen(analyzer, four_on_the_floor(bpm, 12));
    CHECK(listen(analyzer, silence(4)).last.bpm == 0);
    Sound again = four_on_the_floor(bpm, 12);
    const Sound beginning(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(samples_in(0.25 + 115 / bpm)));
    auto heard = listen(analyzer, beginning);
    CAPTURE(bpm);
    CHECK(static_cast<double>(heard.last.bpm) == doctest::Approx(bpm).epsilon(0.02));
    CHECK(wrong_beats(heard, bpm, 0.25, 0, 0.25 + 100 / bpm) == 0);
  }
}

TEST_CASE("music at another tempo after a stop is followed as if there had been none before") {
  for (const double bpm : {100.0, 128.0, 140.0}) {
    Analyzer analyzer({.features = {.descriptors = false, .pitch = false, .structure = false, .spectrum = false}});
    listen(analyzer, four_on_the_floor(115, 12));
    listen(analyzer, silence(4));
    const auto heard = listen(analyzer, four_on_the_floor(bpm, 12));
    CAPTURE(bpm);
    CHECK(wrong_beats(heard, bpm, 0.25, 3, 11.5) == 0);
    CHECK(static_cast<double>(heard.last.bpm) == doctest::Approx(bpm).epsilon(0.005));
  }
}

TEST_CASE("a click after silence is an onset, said within 12 milliseconds, once") {
  Sound sound = silence(2);
  mix(sound, hat(), 1, 3);
  const auto heard = listen(sound);
  REQUIRE(heard.onsets.size() == 1);
  CHECK(heard.onsets[0] - 1 <= 0.012);
}

TEST_CASE("tapping sets the tempo at once") {
  Analyzer analyzer({});
  (void)listen(analyzer, noise(1, 0.05));
  for (int i = 0; i < 4; ++i) {
    analyzer.tap(0);
    (void)listen(analyzer, noise(0.6, 0.05));
  }
  (void)listen(analyzer, four_on_the_floor(100, 6, 0.001));
  CHECK(static_cast<double>(analyzer.features().beat.bpm) == doctest::Approx(100).epsilon(0.02));
}

TEST_CASE("taps that are no more exact than fingers leave a right tempo as it is") {
  Analyzer analyzer({});
  const double length = 60 / 128.0;
  const Sound sound = four_on_the_floor(128, 24);
  auto play = [&, at = 0.0](double until) mutable {
    const std::size_t from = samples_in(at) / kHop * kHop, to = samples_in(until) / kHop * kHop;
    at = until;
    return listen(analyzer, Sound(sound.begin() + static_cast<std::ptrdiff_t>(from),
                                  sound.begin() + static_cast<std::ptrdiff_t>(to)))
        .last;
  };
  REQUIRE(static_cast<double>(play(12).bpm) == doctest::Approx(128).epsilon(0.003));
  double due = 0.25;
  while (due < 12) due += length;
  for (const double off : {0.02, -0.015, 0.01, 0.025, -0.02, -0.01, 0.015, 0.0, -0.025, 0.02, -0.005, 0.015}) {
    const auto beat = play(due + off);
    CHECK(static_cast<double>(beat.bpm) == doctest::Approx(128).epsilon(0.005));
    analyzer.tap(0);
    due += length;
  }
  CHECK(static_cast<double>(play(20).bpm) == doctest::Approx(128).epsilon(0.003));
}

TEST_CASE("to a sound that has no beat one is tapped, and stays") {
  Analyzer analyzer({});
  (void)listen(analyzer, sine(220, 14));
  for (int i = 0; i < 6; ++i) {
    analyzer.tap(0);
    (void)listen(analyzer, sine(220, 0.5));
  }
  const auto heard = listen(analyzer, sine(220, 20));
  CHECK(static_cast<double>(heard.last.bpm) == doctest::Approx(120).epsilon(0.02));
  CHECK(heard.beats.size() >= 38);
}

TEST_CASE("where nothing like a beat is heard none is said") {
  const auto heard = listen(sine(440, 20));
  CHECK(heard.last.bpm == 0);
  for (const double beat : heard.beats) CHECK(beat < 2);
}

TEST_CASE("the tempo is doubled and halved on demand, and stays so") {
  Analyzer analyzer({});
  (void)listen(analyzer, four_on_the_floor(90, 8));
  REQUIRE(static_cast<double>(analyzer.features().beat.bpm) == doctest::Approx(90).epsilon(0.01));
  analyzer.scale_tempo(2);
  (void)listen(analyzer, four_on_the_floor(90, 8));
  CHECK(static_cast<double>(analyzer.features().beat.bpm) == doctest::Approx(180).epsilon(0.01));
  analyzer.scale_tempo(0.5);
  (void)listen(analyzer, four_on_the_floor(90, 8));
  CHECK(static_cast<double>(analyzer.features().beat.bpm) == doctest::Approx(90).epsilon(0.01));
}
