#include "ctl/osc_view.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::ctl;
using wire::Value;

namespace {
// The time of day depends on the zone.
std::string without_time(const std::string& line) { return line.substr(line.find(' ')); }
const Style kPlain(false);
}  // namespace

TEST_CASE("a message is told with direction, peer, address, types and arguments") {
  CHECK(without_time(osc_line({.is_out = true,
                               .peer = "visuals",
                               .address = "/audio/beat",
                               .types = "if",
                               .args = Value::array({1, 128.0})},
                              kPlain)) == " out visuals               /audio/beat                if     [1, 128.0]");
}

TEST_CASE("a message without arguments has nothing behind its address") {
  CHECK(without_time(osc_line({.peer = "127.0.0.1:4000", .address = "/karaoke/lyrics/reset"}, kPlain)) ==
        " in  127.0.0.1:4000        /karaoke/lyrics/reset");
}

TEST_CASE("what is malformed is told with the reason and its bytes") {
  CHECK(without_time(osc_line({.peer = "127.0.0.1:4000", .error = "empty packet", .packet = "2f 78"}, kPlain)) ==
        " in  127.0.0.1:4000        ✗ malformed: empty packet  2f 78");
}

TEST_CASE("control characters reach no terminal") {
  const auto line = osc_line({.address = "/\x1b[2J", .types = "s", .args = Value::array({"\x1b]0;x"})}, kPlain);
  CHECK_FALSE(line.contains('\x1b'));
}

TEST_CASE("the time has milliseconds") { CHECK(osc_line({.time = 12.5}, kPlain).substr(8, 4) == ".500"); }

TEST_CASE("targets are told with their state and what is wrong") {
  CHECK(
      target_table({{"visuals", "127.0.0.1:9000", true, ""}, {"resolume", "127.0.0.1:7000", false, "nobody there"}}) ==
      "visuals   on   127.0.0.1:9000\n"
      "resolume  off  127.0.0.1:7000  nobody there\n");
}
