#include "config/home.hpp"

#include <doctest/doctest.h>

using namespace vj::config;

TEST_CASE("the flag goes before VJ_HOME, VJ_HOME before the user's home") {
  CHECK(resolve_home({.flag = "/a", .vj_home = "/b", .user_home = "/c"}).value() == "/a");
  CHECK(resolve_home({.flag = {}, .vj_home = "/b", .user_home = "/c"}).value() == "/b");
  CHECK(resolve_home({.flag = {}, .vj_home = {}, .user_home = "/c"}).value() == "/c/.vj");
}

TEST_CASE("an empty hint is none") {
  CHECK(resolve_home({.flag = "", .vj_home = "", .user_home = "/c"}).value() == "/c/.vj");
}

TEST_CASE("without any hint there is no home, and the message says what to give") {
  const auto home = resolve_home({});
  REQUIRE_FALSE(home.has_value());
  CHECK(home.error().message == "no home folder: HOME is not set; give --home DIR or set VJ_HOME");
}
