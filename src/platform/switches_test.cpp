#include "platform/switches.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

TEST_CASE("switches come back as they were written, blanks in names included") {
  const test::TemporaryFolder home;
  const auto file = home.path() / "switches";
  CHECK(read_switches(file).value().empty());
  const Switches switches{{"my visuals", false}, {"resolume", true}};
  REQUIRE(write_switches(file, switches));
  CHECK(read_file(file).value() == "off my visuals\non resolume\n");
  CHECK(read_switches(file).value() == switches);
}

TEST_CASE("a line of a file of switches that says nothing is passed over") {
  const test::TemporaryFolder home;
  const auto file = home.path() / "switches";
  REQUIRE(write_file_atomically(file, "off a\n\nperhaps b\non c", home.path() / "tmp"));
  CHECK(read_switches(file).value() == Switches{{"a", false}, {"c", true}});
  CHECK(!read_switches(home.path()));
}
