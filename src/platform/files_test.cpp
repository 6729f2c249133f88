#include "platform/files.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

TEST_CASE("a file that was written can be read, and leaves no temporary file") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "x.json";
  REQUIRE(write_file_atomically(file, "one", folder.path() / "x.tmp"));
  REQUIRE(write_file_atomically(file, "two", folder.path() / "x.tmp"));
  CHECK(read_file(file) == "two");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "x.tmp"));
  CHECK(file_status(file)->mode == 0600);
}

TEST_CASE("reading says which file, and what is wrong with it") {
  const test::TemporaryFolder folder;
  CHECK(read_file(folder.path() / "none").error().code == ErrorCode::kNotFound);
  CHECK(read_file(folder.path() / "none").error().message ==
        "cannot read " + (folder.path() / "none").string() + ": No such file or directory");
  CHECK(read_file(folder.path()).error().code == ErrorCode::kInvalid);
  std::ofstream(folder.path() / "large") << "12345";
  CHECK(read_file(folder.path() / "large", 4).error().code == ErrorCode::kInvalid);
}

TEST_CASE("what is kept until the next boot replaces a file in one step too, and leaves nothing beside it") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "state", temporary = folder.path() / "state.tmp";
  for (const auto* text : {"first", "second", "third"}) {
    REQUIRE(write_file_atomically(file, text, temporary, Keeping::kUntilNextBoot));
    CHECK(read_file(file) == text);
    CHECK_FALSE(std::filesystem::exists(temporary));
  }
  CHECK(file_status(file)->mode == 0600);
}

TEST_CASE("files that are written by turns hold what was written last, be it shorter or longer") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "state", spare = folder.path() / "state.tmp";
  for (const auto* text : {"first", "the second, which is longer", "3rd", "fourth", ""}) {
    REQUIRE(write_file_by_turns(file, text, spare));
    CHECK(read_file(file) == text);
  }
  CHECK(read_file(spare) == "fourth");
  CHECK(write_file_by_turns(file, "new", "/dev/full").error().message ==
        "cannot write /dev/full: write: No space left on device");
  CHECK(read_file(file) == "");
}

TEST_CASE("a write that fails leaves the file as it was") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "state";
  REQUIRE(write_file_atomically(file, "old", folder.path() / "tmp"));
  for (const auto keeping : {Keeping::kForGood, Keeping::kUntilNextBoot}) {
    const auto full = write_file_atomically(file, "new", "/dev/full", keeping);
    REQUIRE_FALSE(full);
    CHECK(full.error().message == "cannot write /dev/full: write: No space left on device");
    CHECK(read_file(file) == "old");
  }
}

TEST_CASE("a lock has one holder, and dies with it") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "lock";
  {
    const auto first = FileLock::try_take(file);
    REQUIRE(first);
    first->write_note("pid 12");
    CHECK(FileLock::try_take(file).error().code == ErrorCode::kConflict);
    CHECK(lock_holder_note(file) == "pid 12");
  }
  CHECK(lock_holder_note(file) == std::nullopt);
  CHECK(FileLock::try_take(file));
}

TEST_CASE("a private folder is made with its parents, for its owner alone") {
  const test::TemporaryFolder folder;
  REQUIRE(ensure_private_folder(folder.path() / "a" / "b"));
  CHECK(file_status(folder.path() / "a" / "b")->mode == 0700);
  std::ofstream(folder.path() / "file") << "x";
  CHECK_FALSE(ensure_private_folder(folder.path() / "file" / "below"));
}
