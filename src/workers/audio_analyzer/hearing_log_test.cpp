#include "workers/audio_analyzer/hearing_log.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;
using Lines = std::vector<std::string>;

namespace {

constexpr Time kStart = Time(100s);

audio::Features at(float bpm, float confidence) {
  audio::Features features;
  features.beat.bpm = bpm;
  features.beat.confidence = confidence;
  return features;
}

}  // namespace

TEST_CASE("a tempo is told once it has stood for two seconds, when it moves and when it is lost, and not in between") {
  HearingLog log;
  CHECK(log.lines(at(0, 0), kStart).empty());
  CHECK(log.lines(at(128, 0.9F), kStart + 1s).empty());
  CHECK(log.lines(at(128, 0.9F), kStart + 2999ms).empty());
  CHECK(log.lines(at(128.1F, 0.92F), kStart + 3s) == Lines{"128.1 BPM (confidence 0.92)"});
  CHECK(log.lines(at(128.4F, 0.95F), kStart + 9s).empty());
  CHECK(log.lines(at(131, 0.9F), kStart + 10s).empty());
  CHECK(log.lines(at(131, 0.9F), kStart + 12s) == Lines{"131.0 BPM (confidence 0.90)"});
  CHECK(log.lines(at(0, 0), kStart + 12100ms) == Lines{"the beat is lost"});
  CHECK(log.lines(at(0, 0), kStart + 20s).empty());
}

TEST_CASE("what is heard while the beat locks on has no lines") {
  HearingLog log;
  CHECK(log.lines(at(123, 0.84F), kStart).empty());
  CHECK(log.lines(at(124.4F, 0.9F), kStart + 1500ms).empty());
  CHECK(log.lines(at(123.3F, 0.9F), kStart + 2500ms).empty());
  CHECK(log.lines(at(124.9F, 0.9F), kStart + 4s).empty());
  CHECK(log.lines(at(125, 0.95F), kStart + 5900ms).empty());
  CHECK(log.lines(at(125, 0.97F), kStart + 6s) == Lines{"125.0 BPM (confidence 0.97)"});
}

TEST_CASE("doubt begins the two seconds anew, and so does the loss of a beat that was never told") {
  HearingLog log;
  CHECK(log.lines(at(128, 0.9F), kStart).empty());
  CHECK(log.lines(at(128, 0.5F), kStart + 1s).empty());
  CHECK(log.lines(at(128, 0.9F), kStart + 2s).empty());
  CHECK(log.lines(at(0, 0), kStart + 3s).empty());
  CHECK(log.lines(at(128, 0.9F), kStart + 4s).empty());
  CHECK(log.lines(at(128, 0.9F), kStart + 5900ms).empty());
  CHECK(log.lines(at(128, 0.9F), kStart + 6s) == Lines{"128.0 BPM (confidence 0.90)"});
}

TEST_CASE("a build-up, each drop and another key have a line each") {
  HearingLog log;
  audio::Features features;
  features.structure.build_up = true;
  features.structure.tension = 0.6F;
  features.descriptors.key = "A minor";
  features.descriptors.key_strength = 0.7F;
  CHECK(log.lines(features, kStart) == Lines{"build-up (tension 0.60)", "key A minor (strength 0.70)"});
  features.structure.build_up = false;
  features.structure.drops = 1;
  CHECK(log.lines(features, kStart) == Lines{"drop"});
  CHECK(log.lines(features, kStart).empty());
}
