#include "supervisor_host/status_words.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace vj::supervisor_host {

TEST_CASE("the line counts those that are to run, and names those that do not simply run") {
  const std::vector<NamedState> states{
      {"a", "running", true}, {"b", "degraded", true}, {"c", "backing_off", true}, {"d", "stopped", false}};
  CHECK(status_words(states) == "2 of 3 up; b degraded; c backing_off");
}

TEST_CASE("one that nobody expects counts for nothing, but a failure of it is named") {
  const std::vector<NamedState> states{{"a", "running", true}, {"app", "running", false}, {"other", "failed", false}};
  CHECK(status_words(states) == "1 of 1 up; other failed");
}

TEST_CASE("without a process it is idle") {
  CHECK(status_words(std::vector<NamedState>{{"a", "stopped", true}}) == "idle");
  CHECK(status_words({}) == "idle");
}

}  // namespace vj::supervisor_host
