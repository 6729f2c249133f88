#include "workers/log_aggregator/log_file.hpp"

#include <doctest/doctest.h>

#include "platform/files.hpp"
#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::log_aggregator;

namespace {

std::string content(const Path& path) { return platform::read_file(path).value_or("(none)"); }

struct Folder {
  test::TemporaryFolder folder;
  Path log = folder.path() / "logs" / "vj.log";
  Path aside(int number) const { return log.string() + "." + std::to_string(number); }
};

}  // namespace

TEST_CASE("lines are appended to what is there") {
  const Folder here;
  REQUIRE(LogFile(here.log, {}).append("one\n"));
  LogFile file(here.log, {});
  REQUIRE(file.append("two\n"));
  REQUIRE(file.append("three\n"));
  CHECK(content(here.log) == "one\ntwo\nthree\n");
}

TEST_CASE("a full file is set aside, and only so many are kept") {
  const Folder here;
  LogFile file(here.log, {.max_bytes = 8, .max_files = 2});
  for (const auto* const line : {"1111\n", "2222\n", "3333\n", "4444\n"}) REQUIRE(file.append(line));
  CHECK(content(here.log) == "4444\n");
  CHECK(content(here.aside(1)) == "3333\n");
  CHECK(content(here.aside(2)) == "2222\n");
  CHECK(content(here.aside(3)) == "(none)");
}

TEST_CASE("a line longer than a whole file is written all the same") {
  const Folder here;
  LogFile file(here.log, {.max_bytes = 4, .max_files = 1});
  REQUIRE(file.append("longer\n"));
  CHECK(content(here.log) == "longer\n");
}

TEST_CASE("a file that was removed or moved away is made again") {
  const Folder here;
  LogFile file(here.log, {});
  REQUIRE(file.append("one\n"));
  std::filesystem::remove_all(here.log.parent_path());
  REQUIRE(file.append("two\n"));
  CHECK(content(here.log) == "two\n");
}

TEST_CASE("a disk that takes nothing is an error, and the next line is tried again") {
  LogFile full("/dev/full", {.max_bytes = 1 << 20, .max_files = 1});
  CHECK_FALSE(full.append("one\n"));
  CHECK_FALSE(full.append("two\n"));
}

TEST_CASE("a line of the file names its worker, and a message of several lines cannot forge a record") {
  const LogRecord record{.level = LogLevel::kWarning,
                         .logger = "spotify_monitor",
                         .message = "token expired\n2025-12-04 21:15:30 - INFO - all is well",
                         .timestamp = 0,
                         .pid = 1,
                         .seq = 1};
  const auto line = file_line(record);
  CHECK(line.find(" - WARNING - spotify_monitor: token expired\n    2025") != std::string::npos);
  CHECK(line.ends_with("\n"));
}
