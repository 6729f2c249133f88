#include "platform/write_alarm.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

TEST_CASE("a write is told once for each time that the alarm was set") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "log";
  const auto write = [&] { std::ofstream(file, std::ios::app) << "line\n"; };
  int calls = 0;
  WriteAlarm alarm(loop, [&] { ++calls; });
  CHECK_FALSE(alarm.arm(file));  // there is no such file yet
  write();
  CHECK_FALSE(alarm.armed(file));
  CHECK(alarm.arm(file));
  CHECK(alarm.arm(file));
  CHECK(alarm.armed_count() == 1);
  loop.run_once(0ms);
  CHECK(calls == 0);
  CHECK(alarm.armed(file));
  write();
  write();
  loop.run_once(1s);
  CHECK(calls == 1);
  CHECK_FALSE(alarm.armed(file));
  CHECK(alarm.armed_count() == 0);
  write();
  loop.run_once(0ms);
  CHECK(calls == 1);
  CHECK(alarm.arm(file));
  write();
  loop.run_once(1s);
  CHECK(calls == 2);
}

TEST_CASE("a file that is made again can be watched again") {
  EventLoop loop;
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "log";
  int calls = 0;
  WriteAlarm alarm(loop, [&] { ++calls; });
  for (int round = 1; round <= 2; ++round) {
    std::ofstream(file) << "new";
    CHECK(alarm.arm(file));
    std::ofstream(file, std::ios::app) << "line\n";
    loop.run_once(1s);
    CHECK(calls == round);
    CHECK(alarm.arm(file));
    std::filesystem::remove(file);
    loop.run_once(1s);
    CHECK(calls == round);
  }
}
