#include "osc/message_filter.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::osc;

namespace {
bool passes(std::string_view filter, std::string_view address, std::string_view arguments = "") {
  return MessageFilter::parse(filter).value().passes(address, arguments);
}
}  // namespace

TEST_CASE("an empty filter lets everything pass") {
  CHECK(passes("", "/audio/beat"));
  CHECK(passes("  ", "/audio/beat"));
  CHECK(passes("!", "/audio/beat"));
}

TEST_CASE("plain text is looked for in address and arguments, in either case of letters") {
  CHECK(passes("/audio", "/audio/beat"));
  CHECK(passes("BEAT", "/audio/beat"));
  CHECK(passes("energetic", "/vj/mood", "energetic"));
  CHECK_FALSE(passes("lyric", "/audio/beat", "[1, 128.0]"));
}

TEST_CASE("a pattern means an address or a leading part of it") {
  CHECK(passes("/audio/*", "/audio/beat"));
  CHECK(passes("/aud*", "/audio/beat"));
  CHECK_FALSE(passes("/*/levels", "/audio/beat"));
  CHECK(passes("*beat", "/audio/beat"));
  CHECK(passes("{beat,levels}", "/audio/levels"));
}

TEST_CASE("an exclamation mark in front turns the filter round") {
  CHECK_FALSE(passes("!/audio", "/audio/beat"));
  CHECK(passes("!/audio", "/karaoke/pos"));
  CHECK_FALSE(passes("!*beat", "/audio/beat"));
}

TEST_CASE("a bad pattern is told") { CHECK_FALSE(MessageFilter::parse("/x[12")); }
