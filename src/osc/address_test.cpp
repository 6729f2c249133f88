#include "osc/address.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::osc;

namespace {
bool matches(std::string_view pattern, std::string_view address) {
  return AddressPattern::parse(pattern).value().matches(address);
}
}  // namespace

TEST_CASE("a prefix holds the address itself and what is below it") {
  CHECK(is_below("/audio", "/audio"));
  CHECK(is_below("/audio/beat", "/audio"));
  CHECK(is_below("/audio/beat", "/audio/"));
  CHECK_FALSE(is_below("/audiofile", "/audio"));
  CHECK_FALSE(is_below("/a", "/audio"));
  CHECK(is_below("/audio", "/"));
  CHECK(is_below("/audio", ""));
}

TEST_CASE("without prefixes every address passes") {
  const std::vector<std::string> some{"/karaoke", "/vj"};
  CHECK(is_below_any("/audio", {}));
  CHECK(is_below_any("/vj/mood", some));
  CHECK_FALSE(is_below_any("/audio/beat", some));
}

TEST_CASE("a pattern without special characters means itself") {
  CHECK(matches("/audio/beat", "/audio/beat"));
  CHECK_FALSE(matches("/audio/beat", "/audio/beats"));
  CHECK_FALSE(matches("/audio/beat", "/audio"));
}

TEST_CASE("? is one character and * any number of them, but never a slash") {
  CHECK(matches("/fader?", "/fader1"));
  CHECK_FALSE(matches("/fader?", "/fader"));
  CHECK_FALSE(matches("/a?b", "/a/b"));
  CHECK(matches("/audio/*", "/audio/beat"));
  CHECK(matches("/*/beat", "/audio/beat"));
  CHECK(matches("/a*", "/a"));
  CHECK(matches("/a*d*o", "/audiodio"));
  CHECK_FALSE(matches("/*", "/audio/beat"));
}

TEST_CASE("brackets are one character of a set") {
  CHECK(matches("/deck[12]", "/deck2"));
  CHECK_FALSE(matches("/deck[12]", "/deck3"));
  CHECK(matches("/deck[a-c]", "/deckb"));
  CHECK(matches("/deck[c-a]", "/deckb"));
  CHECK_FALSE(matches("/deck[!1-4]", "/deck3"));
  CHECK(matches("/deck[!1-4]", "/deck5"));
  CHECK_FALSE(matches("/deck[!1]", "/deck/"));
  CHECK(matches("/x[a-]", "/x-"));
}

TEST_CASE("braces are one of several texts") {
  CHECK(matches("/{audio,karaoke}/pos", "/karaoke/pos"));
  CHECK_FALSE(matches("/{audio,karaoke}/pos", "/vj/pos"));
  CHECK(matches("/a{,b}c", "/ac"));
  CHECK(matches("/a{b,}", "/ab"));
}

TEST_CASE("two slashes are any number of parts") {
  CHECK(matches("//beat", "/audio/beat"));
  CHECK(matches("//beat", "/beat"));
  CHECK(matches("/a//d", "/a/b/c/d"));
  CHECK(matches("/a//d", "/a/d"));
  CHECK_FALSE(matches("//beat", "/upbeat"));
  CHECK_FALSE(matches("//beat", "/audio/beats"));
}

TEST_CASE("a bracket that is not closed is told") {
  CHECK(AddressPattern::parse("/x[12").error().message == "'[' without ']' in \"[12\"");
  CHECK(AddressPattern::parse("/x{a,b").error().message == "'{' without '}' in \"{a,b\"");
}

TEST_CASE("a pattern made to take forever does not") {
  const std::string address = "/" + std::string(2000, 'a');
  CHECK_FALSE(matches("/*a*a*a*a*a*a*a*a*a*a*a*ab", address));
}
