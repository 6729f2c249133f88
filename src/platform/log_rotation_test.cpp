#include "platform/log_rotation.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

TEST_CASE("a rotated log is empty, its text stands in .1, and its writer goes on writing") {
  const test::TemporaryFolder folder;
  const Path log = folder.path() / "w.log";
  const auto writer = open_for_append(log);
  REQUIRE(writer);
  REQUIRE(write_all(writer->get(), "before\n"));
  CHECK(rotate_in_place(log, 1000, 2) == std::uint64_t{0});
  REQUIRE(write_all(writer->get(), "after\n"));
  CHECK(read_file(log) == "after\n");
  CHECK(read_file(folder.path() / "w.log.1") == "before\n");
}

TEST_CASE("no more files are kept than asked for") {
  const test::TemporaryFolder folder;
  const Path log = folder.path() / "w.log";
  const auto writer = open_for_append(log);
  for (const auto* text : {"1", "2", "3", "4"}) {
    REQUIRE(write_all(writer->get(), text));
    REQUIRE(rotate_in_place(log, 1000, 2));
  }
  CHECK(read_file(folder.path() / "w.log.1") == "4");
  CHECK(read_file(folder.path() / "w.log.2") == "3");
  CHECK_FALSE(file_status(folder.path() / "w.log.3"));
}

TEST_CASE("after a flood the newest bytes are kept and the others counted") {
  const test::TemporaryFolder folder;
  const Path log = folder.path() / "w.log";
  const auto writer = open_for_append(log);
  REQUIRE(write_all(writer->get(), std::string(200'000, 'x') + "the end"));
  CHECK(rotate_in_place(log, 7, 1) == std::uint64_t{200'000});
  CHECK(read_file(folder.path() / "w.log.1") == "the end");
}

TEST_CASE("a log that is not there cannot be rotated") {
  CHECK(rotate_in_place("/no/such.log", 7, 1).error().code == ErrorCode::kNotFound);
}

TEST_CASE("the tail of a file is its last bytes, or all of a short one") {
  const test::TemporaryFolder folder;
  const Path log = folder.path() / "w.log";
  const auto writer = open_for_append(log);
  REQUIRE(write_all(writer->get(), "one\ntwo\n"));
  CHECK(read_tail(log, 4) == "two\n");
  CHECK(read_tail(log, 100) == "one\ntwo\n");
  CHECK(read_tail("/no/such.log", 4).error().code == ErrorCode::kNotFound);
}
