#include "workers/audio_analyzer/hearing_log.hpp"

#include <doctest/doctest.h>

using namespace vj::audio_analyzer;
using Lines = std::vector<std::string>;

namespace {

vj::audio::Features at(float bpm, float confidence) {
  vj::audio::Features features;
  features.beat.bpm = bpm;
  features.beat.confidence = confidence;
  return features;
}

}  // namespace

TEST_CASE("a beat is told once it is sure, when it moves and when it is lost, and not in between") {
  HearingLog log;
  CHECK(log.lines(at(0, 0)).empty());
  CHECK(log.lines(at(128, 0.5F)).empty());
  CHECK(log.lines(at(128, 0.9F)) == Lines{"128.0 BPM (confidence 0.90)"});
  CHECK(log.lines(at(128.2F, 0.95F)).empty());
  CHECK(log.lines(at(131, 0.5F)).empty());
  CHECK(log.lines(at(131, 0.9F)) == Lines{"131.0 BPM (confidence 0.90)"});
  CHECK(log.lines(at(0, 0)) == Lines{"the beat is lost"});
  CHECK(log.lines(at(0, 0)).empty());
}

TEST_CASE("a build-up, each drop and another key have a line each") {
  HearingLog log;
  vj::audio::Features features;
  features.structure.build_up = true;
  features.structure.tension = 0.6F;
  features.descriptors.key = "A minor";
  features.descriptors.key_strength = 0.7F;
  CHECK(log.lines(features) == Lines{"build-up (tension 0.60)", "key A minor (strength 0.70)"});
  features.structure.build_up = false;
  features.structure.drops = 1;
  CHECK(log.lines(features) == Lines{"drop"});
  CHECK(log.lines(features).empty());
}
