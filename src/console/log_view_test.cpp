#include "console/log_view.hpp"

#include <doctest/doctest.h>

#include "base/format.hpp"

namespace vj::console {
namespace {

constexpr TextBox kPage{.width = 20, .height = 3};

LogLine line(int number, LogLevel level = LogLevel::kInfo) {
  return {.level = level, .source = "spotify_monitor", .text = format("line {}", number)};
}

LogView view_of(int count) {
  LogView view;
  for (int i = 0; i < count; ++i) view.add(line(i));
  return view;
}

std::vector<std::string> page_of(const LogView& view, TextBox page = kPage) {
  std::vector<std::string> rows;
  LogPlace at = view.top(page);
  while (rows.size() < static_cast<std::size_t>(page.height) && at.line < view.size()) {
    const auto wrapped = view.rows_of(at.line, page.width);
    const auto& row = wrapped[at.row];
    rows.push_back(view.line(at.line).text.substr(row.begin, row.size));
    at = at.row + 1 < wrapped.size() ? LogPlace{at.line, at.row + 1} : LogPlace{at.line + 1, 0};
  }
  return rows;
}

using Rows = std::vector<std::string>;

TEST_CASE("the newest line is at the bottom, and followed") {
  LogView view = view_of(5);
  CHECK(page_of(view) == Rows{"line 2", "line 3", "line 4"});
  view.add(line(5));
  CHECK(page_of(view) == Rows{"line 3", "line 4", "line 5"});
}

TEST_CASE("fewer lines than rows begin at the top") { CHECK(page_of(view_of(2)) == Rows{"line 0", "line 1"}); }

TEST_CASE("scrolling up stops following, and what is shown stays put while lines come") {
  LogView view = view_of(10);
  view.scroll(-2, kPage);
  CHECK_FALSE(view.following());
  const Rows before = page_of(view);
  CHECK(before == Rows{"line 5", "line 6", "line 7"});
  for (int i = 10; i < 13; ++i) view.add(line(i));
  CHECK(page_of(view) == before);
  CHECK(view.waiting() == 3);
}

TEST_CASE("scrolling down to the end follows again, with everything that waited") {
  LogView view = view_of(10);
  view.scroll(-2, kPage);
  view.add(line(10));
  view.scroll(1, kPage);
  CHECK_FALSE(view.following());
  view.scroll(1, kPage);
  CHECK(view.following());
  CHECK(page_of(view) == Rows{"line 8", "line 9", "line 10"});
  CHECK(view.waiting() == 0);
}

TEST_CASE("scrolling up stops at the oldest line, and scrolling a short list does nothing") {
  LogView view = view_of(10);
  view.scroll(-1000, kPage);
  CHECK(page_of(view) == Rows{"line 0", "line 1", "line 2"});
  LogView short_list = view_of(2);
  short_list.scroll(-5, kPage);
  CHECK(short_list.following());
}

TEST_CASE("a paused view survives any number of new lines, and says how many were lost") {
  LogView view = view_of(10);
  view.pause(kPage);
  const Rows before = page_of(view);
  const int many = static_cast<int>(LogView::kCapacity) + 100;
  for (int i = 0; i < many; ++i) view.add(line(100 + i));
  CHECK(page_of(view) == before);
  CHECK(view.waiting() == LogView::kCapacity + 100);
  view.follow();
  CHECK(page_of(view).back() == format("line {}", 99 + many));
  CHECK(view.size() == LogView::kCapacity);
}

TEST_CASE("the oldest lines go when there are too many") {
  LogView view = view_of(static_cast<int>(LogView::kCapacity) + 7);
  CHECK(view.size() == LogView::kCapacity);
  CHECK(view.line(0).text == "line 7");
}

TEST_CASE("a filter leaves the lines that match, now and later") {
  LogView view = view_of(30);
  REQUIRE(view.set_filter("2$").has_value());
  CHECK(page_of(view) == Rows{"line 2", "line 12", "line 22"});
  view.add(line(32));
  view.add(line(33));
  CHECK(page_of(view) == Rows{"line 12", "line 22", "line 32"});
  CHECK(view.set_filter("(").has_value() == false);
  CHECK(view.filter().pattern() == "2$");
  REQUIRE(view.set_filter("").has_value());
  CHECK(view.size() == 32);
}

TEST_CASE("next and previous match go round, and come into view") {
  LogView view = view_of(30);
  REQUIRE(view.set_filter("line 1").has_value());  // 1, 10 to 19
  view.go_to_match(true, kPage);
  CHECK(view.match() == 0U);
  CHECK(page_of(view).front() == "line 1");
  view.go_to_match(false, kPage);
  CHECK(view.match() == 10U);
  CHECK(page_of(view).back() == "line 19");
  view.go_to_match(true, kPage);
  CHECK(view.match() == 0U);
}

TEST_CASE("a level hides what is below it") {
  LogView view;
  view.add(line(1, LogLevel::kDebug));
  view.add(line(2, LogLevel::kWarning));
  view.set_minimum_level(LogLevel::kWarning);
  CHECK(page_of(view) == Rows{"line 2"});
  view.set_minimum_level(LogLevel::kDebug);
  CHECK(page_of(view) == Rows{"line 1", "line 2"});
}

TEST_CASE("a filter keeps the place of somebody who has scrolled up") {
  LogView view = view_of(100);
  view.scroll(-50, kPage);
  CHECK(page_of(view).front() == "line 47");
  REQUIRE(view.set_filter("7$").has_value());
  CHECK(page_of(view) == Rows{"line 47", "line 57", "line 67"});
}

TEST_CASE("long lines wrap with a hanging indent, or are one row each") {
  LogView view;
  view.add({.level = LogLevel::kInfo,
            .source = {},
            .text = "2025-12-04 21:15:30 - INFO - ✓ Worker spotify_monitor started"});
  CHECK(page_of(view, {.width = 38, .height = 3}) ==
        Rows{"2025-12-04 21:15:30 - INFO - ✓ Worker", "spotify_monitor started"});
  view.toggle_wrap();
  CHECK(page_of(view, {.width = 38, .height = 3}).size() == 1);
}

TEST_CASE("clearing leaves an empty list that follows") {
  LogView view = view_of(10);
  view.scroll(-3, kPage);
  view.clear();
  CHECK(view.following());
  CHECK(view.size() == 0);
  view.add(line(1));
  CHECK(page_of(view) == Rows{"line 1"});
}

TEST_CASE("the last lines about a process") {
  LogView view = view_of(3);
  view.add({.level = LogLevel::kInfo, .source = "process_manager", .text = "⚠ Worker spotify_monitor crashed"});
  view.add({.level = LogLevel::kInfo, .source = "process_manager", .text = "something else"});
  const auto last = view.last_of("spotify_monitor", 2);
  REQUIRE(last.size() == 2);
  CHECK(last[0]->text == "line 2");
  CHECK(last[1]->text == "⚠ Worker spotify_monitor crashed");
}

}  // namespace
}  // namespace vj::console
