// Reads the three kinds of history that VirtualDJ (or a script beside it) writes. What cannot be read is told as
// problems, the rest is used. It opens no file, and does not decide what plays now: virtualdj_playback.hpp does.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "playback/track.hpp"

namespace vj::playback {

using LocalDay = std::chrono::local_days;  // a day on the wall calendar of the machine that runs VirtualDJ

struct HistoryEntry {
  Track track;
  std::optional<LocalDay> day;
  std::optional<std::chrono::seconds> time_of_day;  // since local midnight; to the minute
  std::optional<WallTime> logged_at;                // the same moment to the second, where the file has it

  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

struct HistoryProblem {
  std::size_t line = 0;  // from 1
  std::string text;

  friend bool operator==(const HistoryProblem&, const HistoryProblem&) = default;
};

enum class HistoryFormat { kTracklist, kNowPlaying, kM3u };

struct History {
  HistoryFormat format = HistoryFormat::kTracklist;
  std::vector<HistoryEntry> entries;  // in the order of the file: the last one is the newest
  std::vector<HistoryProblem> problems;
  bool last_line_is_whole = true;  // false: the last entry may still be being written

  friend bool operator==(const History&, const History&) = default;
};

// `tracklist.txt`: sessions of a header with the date and lines `HH:MM : text`. A time more than two hours before the
// one above it is past midnight; a smaller step back is a clock that was set.
[[nodiscard]] History parse_tracklist(std::string_view bytes);

// `now_playing.txt`: the first line is what plays; an empty file is nothing.
[[nodiscard]] History parse_now_playing(std::string_view bytes);

// `YYYY-MM-DD.m3u` of that day. An entry without <time> comes from a playlist: it was not played and is left out.
[[nodiscard]] History parse_m3u_history(std::string_view bytes, std::optional<LocalDay> day);

// Any of the three, told apart by the file's name (no folder in front), and by its content where the name is the
// user's.
[[nodiscard]] History parse_history(std::string_view file_name, std::string_view bytes);

// The day in a name like `2024-11-30.m3u`.
[[nodiscard]] std::optional<LocalDay> day_of_file(std::string_view file_name);

}  // namespace vj::playback
