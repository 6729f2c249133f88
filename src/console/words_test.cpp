#include "console/words.hpp"

#include <doctest/doctest.h>

namespace vj::console {
namespace {

Time at(Duration d) { return Time(d); }

TEST_CASE("times are written as the guide writes them") {
  CHECK(track_time(2min + 15s) == "2:15");
  CHECK(track_time(3min + 45s + 900ms) == "3:45");
  CHECK(track_time(1h + 2min + 3s) == "1:02:03");
  CHECK(track_time(-1s) == "0:00");
  CHECK(uptime(at(0s), at(1h + 2min + 11s)) == "1:02:11");
  CHECK(age(12s) == "12 s");
  CHECK(age(4min + 12s) == "4:12");
  CHECK(age(150min) == "2 h");
}

TEST_CASE("all uptimes on the screen turn over together") {
  CHECK(uptime(at(900ms), at(1999ms)) == "0:00:01");
  CHECK(uptime(at(100ms), at(1999ms)) == "0:00:01");
  CHECK(next_second(at(1999ms)) == at(2s));
  CHECK(next_second(at(2s)) == at(3s));
}

TEST_CASE("a countdown reaches zero when the time has come, not before") {
  CHECK(countdown(at(8s), at(0s)) == "8 s");
  CHECK(countdown(at(8s), at(7999ms)) == "1 s");
  CHECK(countdown(at(8s), at(8s)) == "0 s");
  CHECK(countdown(at(8s), at(9s)) == "0 s");
  CHECK(countdown(at(2500ms), at(500ms)) == "2 s");
  CHECK(next_countdown(at(2500ms), at(500ms)) == at(1500ms));
  CHECK(next_countdown(at(2500ms), at(600ms)) == at(1500ms));
  CHECK(next_countdown(at(2500ms), at(2s)) == at(2500ms));
  CHECK(next_countdown(at(2500ms), at(2500ms)) == std::nullopt);
}

TEST_CASE("the clock shows local time") {
  const WallTime t{std::chrono::sys_days{std::chrono::year{2025} / 12 / 4} + 20h + 15min + 59s};
  CHECK(clock_minute(t, 1h) == "21:15");
  CHECK(clock_minute(t, 4h) == "00:15");
}

TEST_CASE("sizes and shares") {
  CHECK(bytes_in_mb(9'100'000) == "9 MB");
  CHECK(percent(2.06) == "2.1%");
}

}  // namespace
}  // namespace vj::console
