#include "playback/virtualdj_history.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::playback;
using namespace std::chrono;

namespace {

Track track(std::string artist, std::string title, std::optional<Duration> duration = {}) {
  return {std::move(artist), std::move(title), {}, duration};
}

constexpr LocalDay kNovember30{2024y / 11 / 30};

HistoryEntry entry(Track what, std::optional<LocalDay> day, seconds time_of_day) {
  return {std::move(what), day, time_of_day, {}};
}

const std::string kTracklist =
    "VirtualDJ History 2024/11/30\r\n"
    "------------------------------\r\n"
    "21:04 : Example Artist - Example Song\r\n"
    "21:08 : Another - Song - Extended - Mix\r\n";

const std::string kM3u =
    "#EXTM3U\n"
    "#EXTVDJ:<time>21:39</time><lastplaytime>1732999140</lastplaytime><filesize>14509227</filesize>"
    "<artist>Simon & Garfunkel</artist><title>Rock &amp; Roll</title><remix>Club Mix</remix>"
    "<songlength>212.5</songlength>\n"
    "C:\\Music\\one.mp3\n"
    "#EXTVDJ:<time>21:43</time><artist>B</artist><title>Two</title>\n"
    "netsearch://sp1234\n";

}  // namespace

TEST_CASE("a tracklist tells its entries with the day of their session") {
  const auto history = parse_tracklist(kTracklist);
  CHECK(history.entries == std::vector{entry(track("Example Artist", "Example Song"), kNovember30, 21h + 4min),
                                       entry(track("Another", "Song - Extended - Mix"), kNovember30, 21h + 8min)});
  CHECK(history.problems.empty());
  CHECK(history.last_line_is_whole);
}

TEST_CASE("sessions follow each other in one file, each with its own day") {
  const auto history = parse_tracklist(kTracklist + "\n\nVirtualDJ History 2024/12/02\n-----\n18:00 : C - Early\n");
  REQUIRE(history.entries.size() == 3);
  CHECK(history.entries[2] == entry(track("C", "Early"), LocalDay(2024y / 12 / 2), 18h));
}

TEST_CASE("midnight may pass within a session, and a clock set back a little is not midnight") {
  const auto history = parse_tracklist(
      "VirtualDJ History 2024/12/31\n----\n23:58 : A - One\n00:03 : B - Two\n02:59 : C - Three\n02:01 : D - Four\n");
  REQUIRE(history.entries.size() == 4);
  CHECK(history.entries[0].day == LocalDay(2024y / 12 / 31));
  CHECK(history.entries[1].day == LocalDay(2025y / 1 / 1));
  CHECK(history.entries[3].day == LocalDay(2025y / 1 / 1));
}

TEST_CASE("older headers are headers, with the day when it can be told") {
  CHECK(parse_tracklist("History - 2012-06-01\n21:00 : A - B\n").entries[0].day == LocalDay(2012y / 6 / 1));
  CHECK(parse_tracklist("History - 01/06/12\n21:00 : A - B\n").entries[0].day == std::nullopt);
  CHECK(parse_tracklist("VirtualDJ History 2024/13/45\n21:00 : A - B\n").entries[0].day == std::nullopt);
  CHECK(parse_tracklist("21:00 : A - B\n").entries[0].day == std::nullopt);
}

TEST_CASE("times with one digit, seconds or AM and PM are times") {
  const auto time_in = [](std::string_view line) { return parse_tracklist(line).entries.at(0).time_of_day; };
  CHECK(time_in("9:05 : A - B\n") == 9h + 5min);
  CHECK(time_in("21:05:30 : A - B\n") == 21h + 5min + 30s);
  CHECK(time_in("9:05 PM : A - B\n") == 21h + 5min);
  CHECK(time_in("12:05 am : A - B\n") == 5min);
}

TEST_CASE("a format with labels is understood, with and without a time") {
  CHECK(parse_tracklist("21:04 : artist=\"A\" title=\"B - C\"\n").entries ==
        std::vector{entry(track("A", "B - C"), std::nullopt, 21h + 4min)});
  CHECK(parse_tracklist("artist=A title=B\n").entries == std::vector{HistoryEntry{track("A", "B"), {}, {}, {}}});
}

TEST_CASE("what is no entry is told with its line, and the rest is used") {
  const auto history =
      parse_tracklist("VirtualDJ History 2024/11/30\n----\nwhat is this\n21:04 : A - B\n25:00 : C - D\n21:05 :\n");
  CHECK(history.entries.size() == 1);
  CHECK(history.problems == std::vector<HistoryProblem>{
                                {3, "expected 'HH:MM : Artist - Title', found 'what is this'"},
                                {5, "expected 'HH:MM : Artist - Title', found '25:00 : C - D'"},
                                {6, "no artist and no title behind the time"},
                            });
}

TEST_CASE("a last line that is still being written is no problem yet") {
  const auto history = parse_tracklist(kTracklist + "21:1");
  CHECK(history.entries.size() == 2);
  CHECK(history.problems.empty());
  CHECK_FALSE(history.last_line_is_whole);
}

TEST_CASE("now_playing is its first line, and an empty file is nothing") {
  CHECK(parse_now_playing("Example Artist - Example Song").entries ==
        std::vector{HistoryEntry{track("Example Artist", "Example Song"), {}, {}, {}}});
  CHECK(parse_now_playing("").entries.empty());
  CHECK(parse_now_playing("\r\n").problems.empty());
  CHECK(parse_now_playing("---\n").problems.size() == 1);
}

TEST_CASE("an m3u history looks like XML and is not") {
  const auto history = parse_m3u_history(kM3u, kNovember30);
  REQUIRE(history.entries.size() == 2);
  CHECK(history.entries[0] == HistoryEntry{track("Simon & Garfunkel", "Rock & Roll (Club Mix)", 212500ms), kNovember30,
                                           21h + 39min, WallTime(1732999140s)});
  CHECK(history.entries[1] == entry(track("B", "Two"), kNovember30, 21h + 43min));
  CHECK(history.problems.empty());
  CHECK(parse_m3u_history("#EXTVDJ:<time>1:00</time><title>I <3 R&B &lt;live&gt;</title>\nx\n", {})
            .entries[0]
            .track.title == "I <3 R&B <live>");
}

TEST_CASE("m3u entries without a time are a playlist: nothing was played") {
  const auto history = parse_m3u_history(
      "#EXTM3U\n#EXTINF:212,A - "
      "B\n#EXTVDJ:<lastplaytime>1732999140</lastplaytime><artist>A</artist><title>B</title>\nb.mp3\n",
      {});
  CHECK(history.entries.empty());
  CHECK(history.problems.empty());
}

TEST_CASE("an m3u entry without a title has that of its file, and a stream has none") {
  const auto history = parse_m3u_history(
      "#EXTVDJ:<time>20:00</time>\n/music/2024/Some Artist - Some Song.flac\n"
      "#EXTVDJ:<time>20:05</time>\nC:\\Music\\Other - Tune.mp3\n"
      "#EXTVDJ:<time>20:10</time>\nnetsearch://sp1234\n#EXTVDJ:<time>8pm</time>\nx.mp3\n",
      {});
  REQUIRE(history.entries.size() == 2);
  CHECK(history.entries[0].track == track("Some Artist", "Some Song"));
  CHECK(history.entries[1].track == track("Other", "Tune"));
  CHECK(history.problems ==
        std::vector<HistoryProblem>{{5, "neither a title nor a file name"}, {7, "no time of day: '8pm'"}});
}

TEST_CASE("an m3u entry that is half written waits for the rest") {
  const auto history = parse_m3u_history(kM3u + "#EXTVDJ:<time>21:47</time><artist>C</artist><title>Thr", kNovember30);
  CHECK(history.entries.size() == 2);
  CHECK(history.problems.empty());
  CHECK(parse_m3u_history(kM3u + "#EXTVDJ:<time>21:47</time>\n", kNovember30).problems.empty());
}

TEST_CASE("the format is told by the name, and by the content where the name is the user's") {
  CHECK(parse_history("2024-11-30.m3u", kM3u).entries == parse_m3u_history(kM3u, kNovember30).entries);
  CHECK(parse_history("tracklist.txt", kTracklist) == parse_tracklist(kTracklist));
  CHECK(parse_history("now_playing.txt", "A - B").format == HistoryFormat::kNowPlaying);
  CHECK(parse_history("my show.txt", kTracklist).format == HistoryFormat::kTracklist);
  CHECK(parse_history("overlay.txt", "A - B").format == HistoryFormat::kNowPlaying);
}

TEST_CASE("the name of an m3u tells its day") {
  CHECK(day_of_file("2024-11-30.m3u") == kNovember30);
  CHECK(day_of_file("2024-02-30.m3u") == std::nullopt);
  CHECK(day_of_file("party.m3u") == std::nullopt);
}

TEST_CASE("a history cut off at any byte, in any encoding, is read up to there") {
  const auto utf16 = [](std::string_view text) {
    std::string out = "\xFF\xFE";
    for (const char c : text) (out += c) += '\0';
    return out;
  };
  for (const auto& whole : {kTracklist, utf16(kTracklist), kM3u, utf16(kM3u)}) {
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      const auto part = std::string_view(whole).substr(0, length);
      for (const auto* const name : {"tracklist.txt", "now_playing.txt", "2024-11-30.m3u", "other.txt"}) {
        const auto history = parse_history(name, part);
        CHECK(history.entries.size() <= 2);
      }
      CHECK(parse_tracklist(std::string_view(kTracklist).substr(0, length)).problems.empty());
      CHECK(parse_m3u_history(std::string_view(kM3u).substr(0, length), {}).problems.empty());
    }
  }
}
