#include "workers/audio_analyzer/toggles.hpp"

#include <doctest/doctest.h>

#include "wire/json.hpp"

using namespace vj;
using namespace vj::audio_analyzer;
using enum wire::AudioToggle;

TEST_CASE("toggles are as configured until they are switched, each by its name") {
  Toggles toggles({"pitch", "beat", "logging"});
  toggles.apply({{"pitch", false}, {"essentia", true}, {"no such thing", true}});
  CHECK(wire::to_json(toggles.to_value()) ==
        R"({"essentia":true,"pitch":false,"beat":true,"structure":false,"spectrum":false,"logging":true})");
  CHECK(toggles.features() ==
        audio::FeatureSet{.descriptors = true, .pitch = false, .beat = true, .structure = false, .spectrum = false});
  CHECK(toggles[kLogging]);
}
