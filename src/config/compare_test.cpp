#include "config/compare.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "config/load.hpp"

using namespace vj;
using namespace vj::config;

namespace {

Changes changes(std::string_view before, std::string_view after) {
  const Loaded running = load(before, "before");
  const Loaded wanted = load(after, "after");
  REQUIRE(running.has_value());
  REQUIRE(wanted.has_value());
  return compare(*running, *wanted);
}

}  // namespace

TEST_CASE("the same configuration changes nothing") { CHECK(changes("", "[console]\nfps = 30") == Changes{}); }

TEST_CASE("how workers are watched changes at once") {
  CHECK(changes("", "[process_manager]\nbase_backoff = 1") == Changes{{"process_manager.base_backoff"}, {}});
  CHECK(changes("", "[[worker]]\nname = \"log_aggregator\"\nmax_restarts = 2\nenabled = false") ==
        Changes{{"worker.log_aggregator.enabled", "worker.log_aggregator.max_restarts"}, {}});
}

TEST_CASE("what a process was started with needs its restart") {
  CHECK(changes("", "[[worker]]\nname = \"log_aggregator\"\ncommand = [\"other\"]") ==
        Changes{{"worker.log_aggregator.command"}, {"log_aggregator"}});
  CHECK(changes("", "[[worker]]\nname = \"log_aggregator\"\nenv = { A = \"1\" }") ==
        Changes{{"worker.log_aggregator.env.A"}, {"log_aggregator"}});
}

TEST_CASE("a secret variable that changes is noticed, though never shown") {
  const auto text = [](std::string_view key) {
    return "[[worker]]\nname = \"log_aggregator\"\nenv = { MY_KEY = \"" + std::string(key) + "\" }";
  };
  CHECK(changes(text("a"), text("b")).restart_required == std::vector<std::string>{"log_aggregator"});
}

TEST_CASE("a worker that came or went needs no restart") {
  const std::string added = "[[worker]]\nname = \"w\"\ncommand = [\"w\"]";
  CHECK(changes("", added) == Changes{{"worker.w"}, {}});
  CHECK(changes(added, "") == Changes{{"worker.w"}, {}});
}

TEST_CASE("a section that a worker reads needs that worker's restart") {
  CHECK(changes("", "[virtualdj]\npaths = [\"/x\"]") == Changes{{"virtualdj.paths"}, {"virtualdj_monitor"}});
  CHECK(changes("", "[console]\nfps = 60") == Changes{{"console.fps"}, {"vj_console"}});
}

TEST_CASE("another bus needs everybody's restart") {
  const Changes result = changes("", "[bus]\nbind = \"127.0.0.2\"");
  CHECK(result.changed == std::vector<std::string>{"bus.bind"});
  CHECK(std::ranges::find(result.restart_required, "process_manager") != result.restart_required.end());
  CHECK(std::ranges::find(result.restart_required, "virtualdj_monitor") != result.restart_required.end());
  CHECK(std::ranges::find(result.restart_required, "vj_console") != result.restart_required.end());
}
