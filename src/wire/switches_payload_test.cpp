#include "wire/switches_payload.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::wire;

namespace {

constexpr std::array<std::string_view, 2> kKnown{"bass", "my pitch"};

std::string refusal(const Value& asked) { return switches_from(asked, "feature", kKnown).error().message; }

}  // namespace

TEST_CASE("what a request switches is taken by name") {
  CHECK(switches_from(Value::object(), "feature", kKnown).value().empty());
  CHECK(switches_from(Value::object({{"my pitch", false}, {"bass", true}}), "feature", kKnown).value() ==
        std::map<std::string, bool, std::less<>>{{"bass", true}, {"my pitch", false}});
}

TEST_CASE("a name that there is not is refused with those that there are, and anything but true and false too") {
  CHECK(refusal(Value::object({{"bass", true}, {"treble", true}})) ==
        "there is no feature 'treble'; there are bass, my pitch");
  CHECK(switches_from(Value::object({{"a", true}}), "OSC target", {}).error().message ==
        "there is no OSC target 'a'; there are none");
  CHECK(refusal(Value::object({{"bass", 1}})) == "feature 'bass' is switched by true or false");
  CHECK(refusal(Value::array({"bass"})) == "features are switched by an object of names, each true or false");
}
