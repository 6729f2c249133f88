#include "playback/virtualdj_playback.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::playback;
using namespace std::chrono;

namespace {

constexpr Duration kUtcOffset = 1h;
constexpr LocalDay kDay{2024y / 11 / 30};

WallTime local(LocalDay day, Duration time_of_day) {
  return WallTime(day.time_since_epoch() + time_of_day - kUtcOffset);
}
WallTime at(Duration time_of_day) { return local(kDay, time_of_day); }

const Track kSong{"Example Artist", "Example Song", {}, {}};

HistoryEntry entry(seconds time_of_day, std::optional<LocalDay> day = kDay, Track track = kSong) {
  return {std::move(track), day, time_of_day, {}};
}

HistoryFile file(HistoryEntry last, WallTime changed) {
  return {HistoryFormat::kTracklist, std::move(last), changed, {}};
}

PlaybackState state(std::vector<HistoryFile> files, WallTime now) {
  return playback_from_history(files, now, kUtcOffset, Time(100s));
}

bool about(Duration a, Duration b, Duration tolerance = 1s) { return std::chrono::abs(a - b) <= tolerance; }

}  // namespace

TEST_CASE("without an entry nothing plays, and the reason says so") {
  const auto nothing = state({}, at(21h));
  CHECK_FALSE(nothing.is_playing);
  CHECK(nothing.track == std::nullopt);
  CHECK(nothing.reason == "no track in the history yet");
  CHECK(nothing.source == "virtualdj");
  CHECK(state({{HistoryFormat::kNowPlaying, {}, at(21h), {}}}, at(21h)).track == std::nullopt);
}

TEST_CASE("the last entry plays, and began 45 seconds before its file was changed") {
  const auto playing = state({file(entry(21h + 4min), at(21h + 4min + 20s))}, at(21h + 5min));
  CHECK(playing.is_playing);
  CHECK(playing.track == kSong);
  CHECK(playing.position == 45s + 40s);
  CHECK(playing.position_at == Time(100s));
  CHECK(playing.position_confidence == doctest::Approx(0.2));
  CHECK(playing.audible);
  CHECK(playing.reason.empty());
}

TEST_CASE("an entry that was seen to appear dates from that moment, whatever the clock of the other machine says") {
  auto shared = file(entry(20h + 50min), at(20h + 50min + 10s));
  shared.appeared = at(21h);
  CHECK(state({shared}, at(21h + 10s)).position == 55s);
}

TEST_CASE("a file that was put back from a backup does not play again") {
  auto restored = file(entry(21h, LocalDay(2024y / 11 / 20)), local(LocalDay(2024y / 11 / 20), 22h));
  restored.appeared = at(21h);
  CHECK_FALSE(state({restored}, at(21h)).is_playing);
}

TEST_CASE("an entry of which only the minute is known is taken from its middle, with less confidence") {
  const auto playing = state({file(entry(21h + 4min), at(21h + 30min))}, at(21h + 6min + 30s));
  CHECK(playing.position == 45s + 2min);
  CHECK(playing.position_confidence == doctest::Approx(0.1));
}

TEST_CASE("a last play time dates an entry to the second, unless it is of an earlier play") {
  auto exact = entry(21h + 4min);
  exact.logged_at = at(21h + 4min + 10s);
  CHECK(state({file(exact, at(23h))}, at(21h + 5min)).position == 45s + 50s);
  exact.logged_at = at(3h);
  CHECK(state({file(exact, at(23h))}, at(21h + 5min)).position == 45s + 30s);
}

TEST_CASE("an entry older than its own length is history, not playback") {
  auto known = entry(21h, kDay, {"A", "B", {}, 200s});
  known.logged_at = at(21h);
  const auto files = std::vector{file(known, at(21h))};
  CHECK(state(files, at(21h + 200s)).is_playing);
  const auto over = state(files, at(21h + 201s));
  CHECK_FALSE(over.is_playing);
  CHECK(over.track == std::nullopt);
  CHECK_FALSE(over.audible);
  CHECK(over.reason == "nothing new since A - B");
}

TEST_CASE("the position never passes the end of the track") {
  CHECK(state({file(entry(21h, kDay, {"A", "B", {}, 200s}), at(21h))}, at(21h + 190s)).position == 200s);
}

TEST_CASE("a track without a known length plays for a quarter of an hour") {
  const auto files = std::vector{file(entry(21h), at(21h))};
  CHECK(state(files, at(21h + 15min)).is_playing);
  CHECK_FALSE(state(files, at(21h + 15min + 1s)).is_playing);
}

TEST_CASE("an entry without a day has that of the file's change, or the one before midnight") {
  CHECK(about(state({file(entry(21h, std::nullopt), at(21h))}, at(21h + 10s)).position, 55s));
  CHECK(about(state({file(entry(23h + 59min, std::nullopt), at(20s))}, at(30s)).position, 45s + 60s));
}

TEST_CASE("a file or an entry from the future is of now") {
  CHECK(state({file(entry(21h), at(22h))}, at(21h)).position == 45s);
  CHECK(state({file(entry(22h), at(21h))}, at(21h)).position == 45s);
}

TEST_CASE("now_playing begins when it is written") {
  const HistoryFile now_playing{HistoryFormat::kNowPlaying, HistoryEntry{kSong, {}, {}, {}}, at(21h), {}};
  CHECK(state({now_playing}, at(21h + 10s)).position == 10s);
}

TEST_CASE("the newest entry of several files plays") {
  const Track other{"Other", "Tune", {}, {}};
  const auto old = file(entry(20h + 55min), at(20h + 55min));
  const auto fresh = file(entry(21h, kDay, other), at(21h));
  CHECK(state({old, fresh}, at(21h)).track == other);
  CHECK(state({fresh, old}, at(21h)).track == other);
}

TEST_CASE("two files that tell of one track give its length together") {
  auto with_length = kSong;
  with_length.duration = 200s;
  const auto m3u = HistoryFile{HistoryFormat::kM3u, entry(21h, kDay, with_length), at(21h), {}};
  CHECK(state({file(entry(21h), at(21h + 1s)), m3u}, at(21h + 2s)).track == with_length);
}

TEST_CASE("only an entry that was not there at the first look has appeared") {
  History read;
  read.entries = {entry(21h)};
  const auto first = look_again(std::nullopt, read, at(21h), at(21h + 1min));
  CHECK(first.appeared == std::nullopt);
  CHECK(first.last == entry(21h));

  const auto same = look_again(first, read, at(21h + 1min), at(21h + 1min));
  CHECK(same.appeared == std::nullopt);

  read.entries.push_back(entry(21h + 4min));
  const auto next = look_again(same, read, at(21h + 4min), at(21h + 4min + 1s));
  CHECK(next.appeared == at(21h + 4min + 1s));
  CHECK(look_again(next, read, at(21h + 5min), at(21h + 5min)).appeared == next.appeared);
  CHECK(look_again(next, History{}, at(21h + 6min), at(21h + 6min)).appeared == std::nullopt);
}
