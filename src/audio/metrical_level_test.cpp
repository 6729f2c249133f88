#include "audio/metrical_level.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

using namespace vj::audio;

namespace {

constexpr double kRate = 86;
constexpr double kBpm = 140;  // as the patterns count

// Counts the less likely half as many beats are, the better the beat explains what is heard.
BeatLevels by_the_margin_of_half() {
  BeatLevels levels;
  levels.twice[MetricalLevel::kHalf] = -10;
  levels.half[MetricalLevel::kAlways] = -9;
  return levels;
}

// Of a pattern that has a sound on each of its four beats and nowhere else.
std::vector<float> likelihoods(bool sounds) {
  std::vector<float> heard(BeatPatterns::kBins);
  for (std::size_t bin = 0; bin < heard.size(); ++bin) {
    const bool is_beat = bin % 16 < 2;
    heard[bin] = is_beat == sounds ? 1.0F : -1.0F;
  }
  return heard;
}

class Music {
 public:
  explicit Music(BeatLevels levels) : level(kRate, 1, levels) {}

  // Every `each`-th beat sounds, the `first` is the first that does.
  void play(double seconds, int each, int first, double bpm = kBpm) {
    for (int hop = 0; hop < static_cast<int>(seconds * kRate); ++hop) {
      beats_ += bpm / 60 / kRate;
      const double since = beats_ - std::floor(beats_);
      const bool sounds = since < 0.12 && static_cast<int>(std::floor(beats_)) % each == first;
      level.process({.beats = beats_, .bpm = bpm, .even = 0}, likelihoods(sounds));
    }
  }

  // Whether the beat with that number is one of those that are counted.
  [[nodiscard]] bool counts(int beat) const {
    const double ours = beat * std::exp2(level.doublings()) + level.offset();
    return std::abs(ours - std::round(ours)) < 1e-6;
  }

  MetricalLevel level;

 private:
  double beats_ = 0;
};

}  // namespace

TEST_CASE("where every other beat sounds, those are counted") {
  for (const int first : {0, 1}) {
    Music music(by_the_margin_of_half());
    music.play(4, 2, first);
    CAPTURE(first);
    CHECK(music.level.doublings() == -1);
    CHECK(music.counts(first));
    CHECK_FALSE(music.counts(first + 1));
  }
}

TEST_CASE("where every beat sounds, every beat is counted") {
  Music music(by_the_margin_of_half());
  music.play(20, 1, 0);
  CHECK(music.level.doublings() == 0);
  CHECK(music.level.doubt() < 0);
}

TEST_CASE("nothing is concluded from less than two seconds") {
  Music music(by_the_margin_of_half());
  music.play(1.9, 2, 0);
  CHECK(music.level.doublings() == 0);
}

TEST_CASE("the patterns' beat is counted again when it explains the music") {
  Music music(by_the_margin_of_half());
  music.play(6, 2, 0);
  REQUIRE(music.level.doublings() == -1);
  music.play(20, 1, 0);
  CHECK(music.level.doublings() == 0);
}

TEST_CASE("another tempo begins with the patterns' beat") {
  Music music(by_the_margin_of_half());
  music.play(6, 2, 0);
  REQUIRE(music.level.doublings() == -1);
  music.play(0.1, 2, 0, 100);
  CHECK(music.level.doublings() == 0);
}

TEST_CASE("a level stays while nothing is told, and after a stop") {
  Music music(by_the_margin_of_half());
  music.play(6, 2, 0);
  REQUIRE(music.level.doublings() == -1);
  for (int hop = 0; hop < 10 * static_cast<int>(kRate); ++hop)
    music.level.process({.beats = 14, .bpm = kBpm, .even = 0}, {});
  CHECK(music.level.doublings() == -1);
  music.level.restart();
  CHECK(music.level.doublings() == -1);
  CHECK(music.level.seconds() == 0);
  music.level.reset();
  CHECK(music.level.doublings() == 0);
}

TEST_CASE("of two beats that sound alike, the one that begins half a bar of the patterns is counted") {
  for (const double even : {3.0, -3.0}) {
    BeatLevels always;
    always.twice[MetricalLevel::kAlways] = 2;
    MetricalLevel level(kRate, 1, always);
    double beats = 0;
    for (int hop = 0; hop < 4 * static_cast<int>(kRate); ++hop) {
      beats += kBpm / 60 / kRate;
      level.process({.beats = beats, .bpm = kBpm, .even = even}, std::vector<float>(BeatPatterns::kBins));
    }
    CHECK(level.doublings() == -1);
    CHECK(std::abs(std::remainder(level.offset(), 1)) == (even > 0 ? 0 : 0.5));
  }
}

TEST_CASE("of no weights nothing follows") {
  Music music({});
  music.play(8, 2, 0);
  CHECK(music.level.doublings() == 0);
}
