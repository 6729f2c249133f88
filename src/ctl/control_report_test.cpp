#include "ctl/control_report.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::ctl;
using wire::Value;

namespace {

wire::Response response(wire::Status status, Value result, std::optional<std::string> error) {
  wire::Response made;
  made.status = status;
  made.result = std::move(result);
  made.error = std::move(error);
  return made;
}

wire::Response ok(Value result) { return response(wire::Status::kOk, std::move(result), {}); }

wire::Response refused(Value result, std::optional<std::string> error = {}) {
  return response(wire::Status::kError, std::move(result), std::move(error));
}

}  // namespace

TEST_CASE("an order that was carried out names the worker") {
  CHECK(outcome_of("start_worker", "spotify_monitor", ok(Value::object({{"started", true}}))) ==
        Outcome{true, "spotify_monitor started"});
}

TEST_CASE("a start that is refused without a text says that it runs already") {
  CHECK(outcome_of("start_worker", "w", refused(Value::object({{"started", false}}))) ==
        Outcome{false, "w runs already, so it was not started"});
  CHECK(outcome_of("stop_worker", "w", refused(Value::object({{"stopped", false}}))) ==
        Outcome{false, "w does not run, so it was not stopped"});
}

TEST_CASE("a refusal's own words are passed on") {
  CHECK(outcome_of("start_worker", "x", refused({}, "Unknown worker: x")) == Outcome{false, "Unknown worker: x", true});
  CHECK(outcome_of("start_worker", "x", refused(Value::object({{"reason", "no such program"}}))) ==
        Outcome{false, "x: no such program"});
}

TEST_CASE("starting all names who started, and who did not and why") {
  const Value result =
      Value::object({{"started", Value::array({"a", "b"})},
                     {"refused", Value::array({Value::object({{"name", "c"}, {"reason", "no such program"}})})}});
  CHECK(outcome_of("start_all", "", ok(result)) == Outcome{true, "started: a, b\nnot started: c (no such program)"});
}

TEST_CASE("a reload names what changed and who needs a restart") {
  CHECK(outcome_of("reload", "", ok(Value::object({{"changed", Value::array()}}))) == Outcome{true, "nothing changed"});
  CHECK(outcome_of("reload", "",
                   ok(Value::object({{"changed", Value::array({"bus.bind"})},
                                     {"restart_required", Value::array({"process_manager"})}}))) ==
        Outcome{true, "changed: bus.bind\nneeds a restart to take all of it: process_manager\n→ vjctl restart NAME"});
  CHECK(outcome_of("reload", "",
                   ok(Value::object({{"changed", Value::array({"console.fps"})},
                                     {"restart_required", Value::array({"vj_console"})}}))) ==
        Outcome{true,
                "changed: console.fps\nneeds a restart to take all of it: vj_console\n"
                "→ vj_console: leave it with d, which lets the show run, and start it again"});
}
