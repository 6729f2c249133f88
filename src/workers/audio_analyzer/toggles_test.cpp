#include "workers/audio_analyzer/toggles.hpp"

#include <doctest/doctest.h>

#include "wire/json.hpp"

using namespace vj;
using namespace vj::audio_analyzer;
using enum wire::AudioToggle;

TEST_CASE("what was switched counts more than what is configured, which counts for the rest") {
  const Toggles toggles({"pitch", "beat", "logging"}, {{"pitch", false}, {"essentia", true}, {"no such thing", true}});
  CHECK(wire::to_json(toggles.to_value()) ==
        R"({"essentia":true,"pitch":false,"beat":true,"structure":false,"spectrum":false,"logging":true})");
  CHECK(toggles.features() ==
        audio::FeatureSet{.descriptors = true, .pitch = false, .beat = true, .structure = false, .spectrum = false});
  CHECK(toggles[kLogging]);
}

TEST_CASE("a toggle that is switched back follows the configuration again") {
  Toggles toggles({"pitch"}, {{"pitch", false}, {"beat", true}});
  CHECK(toggles.switched() == platform::Switches{{"beat", true}, {"pitch", false}});
  toggles.apply({{"pitch", true}, {"spectrum", true}});
  CHECK(toggles.switched() == platform::Switches{{"beat", true}, {"spectrum", true}});
}
