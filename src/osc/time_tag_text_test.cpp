#include "osc/time_tag_text.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::osc;

TEST_CASE("a time tag is read as UTC") {
  CHECK(to_text(TimeTag{}) == "immediately");
  CHECK(to_text(TimeTag{std::uint64_t{2'208'988'800} << 32}) == "1970-01-01T00:00:00.0000000000Z");
  CHECK(to_text(TimeTag{0}) == "1900-01-01T00:00:00.0000000000Z");
  CHECK(to_text(TimeTag{~std::uint64_t{0}}) == "2036-02-07T06:28:15.9999999997Z");
}

TEST_CASE("the text of a time tag gives the tag back") {
  for (const std::uint64_t fraction :
       {0ULL, 1ULL, 2ULL, 0x7fffffffULL, 0x80000000ULL, 0xfffffffeULL, 0xffffffffULL, 0x12345678ULL}) {
    const TimeTag tag{(std::uint64_t{0xec4bdb00} << 32) + fraction};
    CHECK(time_tag_from_text(to_text(tag)) == tag);
  }
}

TEST_CASE("what is no time is refused") {
  CHECK_FALSE(time_tag_from_text("soon"));
  CHECK_FALSE(time_tag_from_text("2026-13-04T21:15:32.5000000000Z"));
  CHECK_FALSE(time_tag_from_text("2040-01-04T21:15:32.5000000000Z"));
  CHECK_FALSE(time_tag_from_text("2026-12-04 21:15:32.5000000000Z"));
}
