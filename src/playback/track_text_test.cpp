#include "playback/track_text.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::playback;

namespace {
Track track(std::string artist, std::string title) { return {std::move(artist), std::move(title), {}, {}}; }
}  // namespace

TEST_CASE("artist and title stand around the first dash") {
  CHECK(track_from_text("Example Artist - Example Song") == track("Example Artist", "Example Song"));
  CHECK(track_from_text("Artist - Song - Extended - Mix") == track("Artist", "Song - Extended - Mix"));
  CHECK(track_from_text("Jay-Z - 99 Problems") == track("Jay-Z", "99 Problems"));
}

TEST_CASE("text without a dash, or with nothing on one side of it, is a title") {
  CHECK(track_from_text("Jingle") == track("", "Jingle"));
  CHECK(track_from_text(" - Jingle") == track("", "Jingle"));
  CHECK(track_from_text("Jingle -") == track("", "Jingle"));
  CHECK(track_from_text("Anti-Hero") == track("", "Anti-Hero"));
}

TEST_CASE("text that holds no word is no track") {
  CHECK(track_from_text("") == std::nullopt);
  CHECK(track_from_text("  -  ") == std::nullopt);
}

TEST_CASE("labels tell the fields in any order, with or without quotes") {
  CHECK(track_from_text("artist=Example Artist title=Example Song") == track("Example Artist", "Example Song"));
  CHECK(track_from_text("title=\"A - B\"; artist='C'") == track("C", "A - B"));
  CHECK(track_from_text("Artist: Foo | Title: Bar: Part 2 | BPM: 128") == track("Foo", "Bar: Part 2"));
  CHECK(track_from_text("artist=A title=B remix=Club Mix album=C length=3:45 bpm=128") ==
        Track{"A", "B (Club Mix)", "C", 225s});
}

TEST_CASE("a title that happens to hold a label stays a title") {
  CHECK(track_from_text("Someone - Title: The Song") == track("Someone", "Title: The Song"));
  CHECK(track_from_text("artist= - x") == track("artist=", "x"));
  CHECK(track_from_text("E=MC2 - Big Audio") == track("E=MC2", "Big Audio"));
}

TEST_CASE("a remix follows its title once") {
  CHECK(title_with_remix("Song", "Club Mix") == "Song (Club Mix)");
  CHECK(title_with_remix("Song [club mix]", "Club Mix") == "Song [club mix]");
  CHECK(title_with_remix("Song", "") == "Song");
}

TEST_CASE("a length is minutes and seconds, or seconds") {
  CHECK(duration_from_text("3:45") == 225s);
  CHECK(duration_from_text("1:00:05") == 3605s);
  CHECK(duration_from_text("212.5") == 212500ms);
  CHECK(duration_from_text("0") == std::nullopt);
  CHECK(duration_from_text("-3") == std::nullopt);
  CHECK(duration_from_text("1e300") == std::nullopt);
  CHECK(duration_from_text("nan") == std::nullopt);
  CHECK(duration_from_text("") == std::nullopt);
}
