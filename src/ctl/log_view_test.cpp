#include "ctl/log_view.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::ctl;

namespace {

LogRecord record(std::uint64_t seq, std::string logger = "w", LogLevel level = LogLevel::kInfo) {
  return {.level = level, .logger = std::move(logger), .message = "text", .timestamp = 0, .pid = 7, .seq = seq};
}

}  // namespace

TEST_CASE("records that come before the history wait for it and are not repeated") {
  LogView view("", LogLevel::kDebug);
  CHECK_FALSE(view.live(record(2)));
  CHECK_FALSE(view.live(record(3)));
  CHECK(view.begin({record(1), record(2)}) == std::vector{record(1), record(2), record(3)});
  CHECK_FALSE(view.live(record(2)));
  CHECK(view.live(record(4)) == record(4));
}

TEST_CASE("what a process sends again for others is not shown again") {
  LogView view("", LogLevel::kDebug);
  CHECK(view.begin({record(5)}) == std::vector{record(5)});
  for (std::uint64_t again = 1; again <= 5; ++again) CHECK_FALSE(view.live(record(again)));
  CHECK(view.live(record(6)) == record(6));
}

TEST_CASE("records without numbers are all shown") {
  LogView view("", LogLevel::kDebug);
  CHECK(view.begin({record(0), record(0)}).size() == 2);
  CHECK(view.live(record(0)));
}

TEST_CASE("only the worker that is asked for is shown") {
  LogView view("w", LogLevel::kDebug);
  CHECK(view.begin({record(1, "other"), record(2)}) == std::vector{record(2)});
  CHECK_FALSE(view.live(record(9, "other")));
  CHECK(view.live(record(3)));
}

TEST_CASE("only the level that is asked for or worse is shown") {
  LogView view("", LogLevel::kWarning);
  CHECK(view.begin({record(1), record(2, "w", LogLevel::kError)}) == std::vector{record(2, "w", LogLevel::kError)});
  CHECK_FALSE(view.live(record(3)));
  CHECK(view.live(record(4, "w", LogLevel::kWarning)));
}

TEST_CASE("a record is one line that names its process, whatever is in it") {
  LogRecord two_lines = record(1);
  two_lines.message = "a\nb\x1b[31m";
  const std::string line = log_line(two_lines, Style(false));
  CHECK(line.ends_with(" - INFO - w: a b[31m"));
}
