#include "console/line_filter.hpp"

#include <doctest/doctest.h>

namespace vj::console {
namespace {

LineFilter filter(std::string_view pattern) { return LineFilter::parse(pattern).value(); }

TEST_CASE("an empty filter lets everything pass") {
  CHECK(LineFilter().passes("anything"));
  CHECK(filter("").passes(""));
  CHECK(filter("!").passes("x"));
}

TEST_CASE("plain text is found in either case") {
  CHECK(filter("Worker").passes("✓ worker spotify_monitor started"));
  CHECK_FALSE(filter("crashed").passes("✓ Worker started"));
}

TEST_CASE("a pattern is a regular expression") {
  CHECK(filter("^2025.*WARN").passes("2025-12-04 21:20:02 - WARNING - x"));
  CHECK(filter("spotify|lyrics").passes("lyrics_fetcher"));
  CHECK_FALSE(filter("^x").passes("ax"));
}

TEST_CASE("an exclamation mark turns it round") {
  CHECK_FALSE(filter("!debug").passes("DEBUG"));
  CHECK(filter("!^debug").passes("info debug"));
}

TEST_CASE("a bad pattern is refused with what is wrong") {
  CHECK(LineFilter::parse("a(b").error().message == "bad pattern: a ( is not closed, or a ) not opened");
  CHECK(LineFilter::parse("[a").error().message == "bad pattern: a [ is not closed");
  CHECK_FALSE(LineFilter::parse("*").has_value());
}

TEST_CASE("every place where it matched is told") {
  using Ranges = std::vector<FoundRange>;
  CHECK(filter("a").found_in("banana") == Ranges{{1, 1}, {3, 1}, {5, 1}});
  CHECK(filter("an+").found_in("banana") == Ranges{{1, 2}, {3, 2}});
  CHECK(filter("^b").found_in("bb") == Ranges{{0, 1}});
  CHECK(filter("x*").found_in("aaa").empty());
  CHECK(filter("!a").found_in("banana").empty());
}

TEST_CASE("a pattern made to explode does not") { CHECK_FALSE(filter("(a+)+b").passes(std::string(200, 'a'))); }

}  // namespace
}  // namespace vj::console
