#include "platform/file_watch.hpp"

#include <fstream>
#include <functional>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

void write(const Path& path, const std::string& text) { std::ofstream(path, std::ios::app) << text; }

// Runs turns until `calls` is at least `wanted`, or a deadline has passed.
bool reaches(EventLoop& loop, const int& calls, int wanted) {
  const Time deadline = EventLoop::clock() + 5s;
  while (calls < wanted && EventLoop::clock() < deadline) loop.run_once(100ms);
  return calls >= wanted;
}

}  // namespace

TEST_CASE("a change of a file is told, by notification and by polling") {
  for (const bool notifications : {true, false}) {
    CAPTURE(notifications);
    EventLoop loop;
    const test::TemporaryFolder folder;
    const Path file = folder.path() / "a" / "list.txt";
    int calls = 0;
    const FileWatch watch(loop, file, [&] { ++calls; },
                          {.poll_interval = notifications ? 0ms : 5ms, .notifications = notifications});

    SUBCASE("also when its folder appears only later") {
      std::filesystem::create_directory(file.parent_path());
      loop.run_once(10ms);
      write(file, "one");
      CHECK(reaches(loop, calls, 1));
      const int before = calls;
      write(file, "two");
      CHECK(reaches(loop, calls, before + 1));
    }

    SUBCASE("also when it is replaced, removed and made again") {
      std::filesystem::create_directory(file.parent_path());
      write(file, "one");
      CHECK(reaches(loop, calls, 1));
      int before = calls;
      write(folder.path() / "new", "another");
      std::filesystem::rename(folder.path() / "new", file);
      CHECK(reaches(loop, calls, before + 1));
      before = calls;
      std::filesystem::remove_all(file.parent_path());
      CHECK(reaches(loop, calls, before + 1));
      before = calls;
      std::filesystem::create_directory(file.parent_path());
      loop.run_once(10ms);
      write(file, "again");
      CHECK(reaches(loop, calls, before + 1));
    }
  }
}

TEST_CASE("a change is told also where the system has no watch left, and by notification as soon as it has one") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "registry.json";
  bool has_watch_left = false;
  int calls = 0;
  FileWatch watch(loop, file, [&] { ++calls; }, {.may_watch = [&] { return has_watch_left; }});
  write(file, "one");
  CHECK(reaches(loop, calls, 1));
  CHECK(watch.take_untold());  // there may be one at any time
  has_watch_left = true;
  const Time deadline = EventLoop::clock() + 5s;
  while (watch.take_untold() && EventLoop::clock() < deadline) loop.run_once(100ms);
  CHECK_FALSE(watch.take_untold());
  const int before = calls;
  write(file, "two");
  loop.run_once(0ms);
  CHECK(calls == before + 1);
}

TEST_CASE("a folder that is made just before the one above it is watched is not missed") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "a" / "b" / "list.txt";
  int calls = 0;
  FileWatch watch(loop, file, [&] { ++calls; },
                  {.may_watch = [&] { return std::filesystem::create_directories(file.parent_path()) || true; }});
  write(file, "one");
  loop.run_once(0ms);
  CHECK(calls == 1);
}

TEST_CASE("a file made beside the watched one calls nobody") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  int calls = 0;
  const FileWatch watch(loop, folder.path() / "mine", [&] { ++calls; });
  write(folder.path() / "other", "x");
  loop.run_once(20ms);
  loop.run_once(0ms);
  CHECK(calls == 0);
}

TEST_CASE("one that is only replaced is told of when it is, however often its folder changes otherwise") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "home" / "registry.json";
  int calls = 0;
  const FileWatch watch(loop, file, [&] { ++calls; }, {.replaced_only = true});
  std::filesystem::create_directory(file.parent_path());
  loop.run_once(20ms);
  loop.run_once(20ms);  // the watch of the folder above ends with a word, too
  const int before = calls;
  write(file.parent_path() / "lock", "x");
  write(file, "in place");
  std::filesystem::remove(file.parent_path() / "lock");
  loop.run_once(20ms);
  CHECK(calls == before);
  const auto tells = [&](const std::function<void()>& change) {
    const int so_far = calls;
    change();
    CHECK(reaches(loop, calls, so_far + 1));
  };
  tells([&] { REQUIRE(write_file_atomically(file, "x", file.parent_path() / "tmp")); });
  tells([&] { REQUIRE(write_file_by_turns(file, "x", file.parent_path() / "spare")); });
  tells([&] { std::filesystem::remove(file); });
}

TEST_CASE("one that is pointed out is told of then, and of strangers always") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "registry.json";
  write(file, "x");
  int calls = 0;
  FileWatch watch(loop, file, [&] { ++calls; },
                  {.replaced_only = true, .pointed_out_only_unless_made = "registry.tmp"});
  const auto replace = [&] { REQUIRE(write_file_by_turns(file, "x", folder.path() / "spare")); };
  const auto turn = [&] {
    loop.run_once(20ms);
    loop.run_once(0ms);
  };
  replace();
  replace();
  turn();
  CHECK(calls == 0);
  CHECK_FALSE(watch.take_untold());
  replace();
  point_out(file);
  turn();
  CHECK(calls == 1);
  CHECK(file_status(file)->mode == 0600);
  SUBCASE("a stranger is seen when he begins, and when he is done") {
    write(folder.path() / "registry.tmp", "theirs");
    turn();
    CHECK(calls == 2);
    std::filesystem::rename(folder.path() / "registry.tmp", file);
    turn();
    CHECK(calls == 3);
    // Who has come once comes again: whatever happens to the file is told for a while.
    replace();
    turn();
    CHECK(calls == 4);
  }
  SUBCASE("what was pointed out stays to be told when nobody looks for it") {
    replace();
    point_out(file);
    CHECK_FALSE(watch.take_untold(false));
    turn();
    CHECK(calls == 2);
    replace();
    point_out(file);
    CHECK(watch.take_untold(true));
    turn();
    CHECK(calls == 2);
  }
  SUBCASE("a stranger's replacement is taken by who replaces the file without pointing it out") {
    write(folder.path() / "registry.tmp", "theirs");
    turn();
    CHECK(calls == 2);
    std::filesystem::rename(folder.path() / "registry.tmp", file);
    CHECK(watch.take_untold(false));
    turn();
    CHECK(calls == 2);
  }
  SUBCASE("that it is removed and made again is seen") {
    std::filesystem::remove(file);
    turn();
    CHECK(calls == 2);
    write(file, "in place");
    turn();
    CHECK(calls == 3);
  }
}

TEST_CASE("who knows of a change himself takes it, and is not told") {
  for (const bool notifications : {true, false}) {
    CAPTURE(notifications);
    EventLoop loop;
    const test::TemporaryFolder folder;
    const Path file = folder.path() / "registry.json";
    int calls = 0;
    FileWatch watch(loop, file, [&] { ++calls; }, {.notifications = notifications, .replaced_only = true});
    // Where nobody tells, there may be one at any time.
    CHECK(watch.take_untold() == !notifications);
    REQUIRE(write_file_atomically(file, "x", folder.path() / "tmp"));
    CHECK(watch.take_untold());
    loop.run_once(0ms);
    CHECK(calls == 0);
  }
}

TEST_CASE("a watched folder tells of what is made in it") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  int calls = 0;
  const FileWatch watch(loop, folder.path(), [&] { ++calls; });
  write(folder.path() / "2026-01-01.m3u", "x");
  CHECK(reaches(loop, calls, 1));
}
