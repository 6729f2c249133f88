#include "platform/files.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

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

TEST_CASE("files that are written by turns hold what was written last, be it shorter or longer") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "state", spare = folder.path() / "state.spare";
  for (const auto* text : {"first", "the second, which is longer", "3rd", "fourth", ""}) {
    REQUIRE(write_file_by_turns(file, text, spare));
    CHECK(read_file(file) == text);
  }
  CHECK(read_file(spare) == "fourth");
  CHECK(file_status(file)->mode == 0600);
  CHECK(write_file_by_turns(file, "new", "/dev/full").error().message ==
        "cannot write /dev/full: write: No space left on device");
  CHECK(read_file(file) == "");
  std::filesystem::create_directory(folder.path() / "folder");
  CHECK_FALSE(write_file_by_turns(file, "new", folder.path() / "folder"));
  CHECK(read_file(file) == "");
}

TEST_CASE("who is slow to read a file that is written by turns reads what it was") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "state", spare = folder.path() / "state.spare";
  const auto write = [&](const char* text) { REQUIRE(write_file_by_turns(file, text, spare)); };
  write("first");
  write("second");
  const UniqueFd slow(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  const Path other_name = folder.path() / "copy";
  SUBCASE("having opened it") {
    for (const auto* text : {"third", "fourth", "fifth", "sixth"}) write(text);
    char text[16]{};
    CHECK(::read(slow.get(), text, sizeof text) == 6);
    CHECK(std::string_view(text) == "second");
  }
  SUBCASE("having given it another name") {
    std::filesystem::create_hard_link(file, other_name);
    for (const auto* text : {"third", "fourth", "fifth", "sixth"}) write(text);
    CHECK(read_file(other_name) == "second");
  }
  CHECK(read_file(file) == "sixth");
}

TEST_CASE("files that are written by turns stay private where one of them was not") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "state", spare = folder.path() / "state.spare";
  std::ofstream(file) << "somebody else's";
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  for (int turn = 0; turn < 3; ++turn) {
    REQUIRE(write_file_by_turns(file, "ours", spare));
    CHECK(file_status(file)->mode == 0600);
  }
}

TEST_CASE("a write that fails leaves the file as it was") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "state";
  REQUIRE(write_file_atomically(file, "old", folder.path() / "tmp"));
  const auto full = write_file_atomically(file, "new", "/dev/full");
  REQUIRE_FALSE(full);
  CHECK(full.error().message == "cannot write /dev/full: write: No space left on device");
  CHECK(read_file(file) == "old");
}

TEST_CASE("a lock on a file that was removed is no lock on the one that is made in its place") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "lock";
  const auto before = FileLock::try_take(file);
  REQUIRE(before);
  CHECK(before->is_still(file));
  std::filesystem::remove(file);
  CHECK_FALSE(before->is_still(file));
  const auto after = FileLock::try_take(file);
  REQUIRE(after);
  CHECK_FALSE(before->is_still(file));
  CHECK(after->is_still(file));
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

TEST_CASE("a lock that is taken again and again has one holder, as any other") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "lock";
  LockFile ours(file), theirs(file);
  for (int turn = 0; turn < 3; ++turn) {
    const auto hold = ours.try_take();
    REQUIRE(hold);
    CHECK(theirs.try_take().error().code == ErrorCode::kConflict);
    CHECK(FileLock::try_take(file).error().code == ErrorCode::kConflict);
  }
  CHECK(theirs.try_take());
  CHECK(FileLock::try_take(file));
}

TEST_CASE("a lock whose file was removed is that of the file that takes its place") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "lock";
  LockFile ours(file), theirs(file);
  CHECK(ours.try_take());
  std::filesystem::remove(file);
  const auto hold = theirs.try_take();
  CHECK(hold);
  CHECK(ours.try_take().error().code == ErrorCode::kConflict);
}

TEST_CASE("a private folder is made with its parents, for its owner alone") {
  const test::TemporaryFolder folder;
  REQUIRE(ensure_private_folder(folder.path() / "a" / "b"));
  CHECK(file_status(folder.path() / "a" / "b")->mode == 0700);
  std::ofstream(folder.path() / "file") << "x";
  CHECK_FALSE(ensure_private_folder(folder.path() / "file" / "below"));
}
