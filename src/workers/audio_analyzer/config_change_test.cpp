#include "workers/audio_analyzer/config_change.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;
using wire::Value;

namespace {

const std::vector<osc_io::TargetState> kTargets{{.name = "visuals", .address = "127.0.0.1:9000", .problem = ""}};

std::string refusal(std::string_view key, Value value) {
  return config_change_from(Value::object({{"device", "auto"}, {std::string(key), std::move(value)}}), kTargets)
      .error()
      .message;
}

}  // namespace

TEST_CASE("a set_config names an input, features and OSC targets, each or none") {
  const auto nothing = config_change_from(Value::object(), kTargets).value();
  CHECK(!nothing.device);
  CHECK(nothing.features.empty());
  CHECK(nothing.targets.empty());
  const auto all =
      config_change_from(Value::object({{"osc_targets", Value::object({{"visuals", false}})},
                                        {"device", "file:loop.wav"},
                                        {"features", Value::object({{"pitch", false}, {"logging", true}})}}),
                         kTargets)
          .value();
  CHECK(all.device == "file:loop.wav");
  CHECK(all.features == platform::Switches{{"logging", true}, {"pitch", false}});
  CHECK(all.targets == osc_io::TargetSwitches{{"visuals", false}});
}

TEST_CASE("a set_config of which anything cannot be is refused whole, with words that say what and what can") {
  CHECK(refusal("colour", "red") == "'colour' cannot be set while running; what can are device, features, osc_targets");
  CHECK(refusal("sample_rate", 48000) ==
        "'sample_rate' cannot be set while running: change it in the configuration file, then restart audio_analyzer");
  CHECK(refusal("features", Value::object({{"pitch", false}, {"bass", true}})) ==
        "there is no feature 'bass'; there are essentia, pitch, beat, structure, spectrum, logging");
  CHECK(refusal("features", Value::object({{"pitch", "no"}})) == "feature 'pitch' is switched by true or false");
  CHECK(refusal("features", true) == "features are switched by an object of names, each true or false");
  CHECK(refusal("osc_targets", Value::object({{"visuals", true}, {"lasers", true}})) ==
        "there is no OSC target 'lasers'; there are visuals");
  CHECK(refusal("osc_targets", Value()) == "OSC targets are switched by an object of names, each true or false");
  for (const auto& device : {Value(3), Value(""), Value("two\nlines"), Value()}) {
    const auto refused = config_change_from(Value::object({{"device", device}}), kTargets);
    CHECK(refused.error().message == R"('device' must be a string: "auto", an id, a name or "file:PATH")");
  }
}
