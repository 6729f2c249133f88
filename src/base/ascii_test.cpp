#include "base/ascii.hpp"

#include <doctest/doctest.h>

using namespace vj;

TEST_CASE("letters lose their marks") {
  CHECK(to_ascii("Beyoncé Björk Sigur Rós Dvořák Łódź Ærøskøbing Straße") ==
        "Beyonce Bjork Sigur Ros Dvorak Lodz AEroskobing Strasse");
  CHECK(to_ascii("e\u0301") == "e");
}

TEST_CASE("typographic punctuation becomes what a keyboard has") {
  CHECK(to_ascii("“Don’t” – stop…") == "\"Don't\" - stop...");
}

TEST_CASE("what has no letters here becomes a question mark each") { CHECK(to_ascii("東京 🎉\xff") == "?? ??"); }

TEST_CASE("ASCII stays as it is") {
  CHECK(is_ascii("plain"));
  CHECK_FALSE(is_ascii("né"));
  CHECK(to_ascii("plain") == "plain");
}
