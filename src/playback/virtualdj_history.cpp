#include "playback/virtualdj_history.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "playback/history_text.hpp"
#include "playback/track_text.hpp"

namespace vj::playback {
namespace {

constexpr auto kNewDayStep = std::chrono::hours(2);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// Takes one or two digits off the front of `text`, if they are a number up to `largest`.
std::optional<int> take_number(std::string_view& text, int largest) {
  std::size_t length = 0;
  int value = 0;
  while (length < text.size() && length < 2 && is_digit(text[length])) value = value * 10 + (text[length++] - '0');
  if (length == 0 || value > largest || (length < text.size() && is_digit(text[length]))) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// The time of day that `text` begins with: 9:05, 21:05, 21:05:59, 9:05 PM. Takes it off the front.
std::optional<std::chrono::seconds> take_time_of_day(std::string_view& text) {
  auto rest = text;
  const auto hour = take_number(rest, 23);
  if (!hour || !take(rest, ':')) return std::nullopt;
  const auto minute = take_number(rest, 59);
  if (!minute) return std::nullopt;
  std::chrono::seconds time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (auto after = rest; take(after, ':')) {
    if (const auto second = take_number(after, 59)) {
      time += std::chrono::seconds(*second);
      rest = after;
    }
  }
  const auto suffix = trim(rest);
  const bool pm = starts_with_ignoring_case(suffix, "pm");
  if ((pm || starts_with_ignoring_case(suffix, "am")) && *hour >= 1 && *hour <= 12) {
    time += std::chrono::hours((pm ? 12 : 0) - (*hour == 12 ? 12 : 0));
    rest = suffix.substr(2);
  }
  text = rest;
  return time;
}

// The first YYYY/MM/DD (or with - or .) in `text` that is a day of the calendar.
std::optional<LocalDay> find_day(std::string_view text) {
  constexpr int kFirstYear = 2000, kLastYear = 2099;
  for (std::size_t at = 0; at + 8 <= text.size(); ++at) {
    if (at > 0 && is_digit(text[at - 1])) continue;
    auto rest = text.substr(at);
    if (!std::ranges::all_of(rest.substr(0, 4), is_digit)) continue;
    const int year = static_cast<int>(*parse_integer(rest.substr(0, 4)));
    const char separator = rest[4];
    if (separator != '/' && separator != '-' && separator != '.') continue;
    rest.remove_prefix(5);
    const auto month = take_number(rest, 12);
    if (!month || !take(rest, separator)) continue;
    const auto day = take_number(rest, 31);
    if (!day) continue;
    const auto date = std::chrono::year(year) / *month / *day;
    if (date.ok() && year >= kFirstYear && year <= kLastYear) return LocalDay(date);
  }
  return std::nullopt;
}

// Gives each entry its day: that of the session, and one more for each midnight that has passed since.
class SessionCalendar {
 public:
  void begin(std::optional<LocalDay> day) {
    day_ = day;
    midnights_ = 0;
    last_.reset();
  }

  std::optional<LocalDay> day_at(std::chrono::seconds time_of_day) {
    if (day_ && last_ && *last_ - time_of_day > kNewDayStep) {
      *day_ += std::chrono::days(1);
      if (++midnights_ > kMostMidnights) day_.reset();
    }
    last_ = time_of_day;
    return day_;
  }

 private:
  static constexpr int kMostMidnights = 366;  // then the times are no times, and the day means nothing

  std::optional<LocalDay> day_;
  int midnights_ = 0;
  std::optional<std::chrono::seconds> last_;
};

bool is_rule(std::string_view line) {
  return line.size() >= 3 && line.find_first_not_of("-=_*") == std::string_view::npos;
}

bool is_session_header(std::string_view line) {
  return starts_with_ignoring_case(line, "VirtualDJ History") ||
         starts_with_ignoring_case(line, "Virtual DJ History") || starts_with_ignoring_case(line, "History - ") ||
         equal_ignoring_case(line, "History");
}

// The text behind `HH:MM :`, with the time taken off; absent when the line does not begin so.
struct TimedText {
  std::chrono::seconds time_of_day;
  std::string_view text;
};
std::optional<TimedText> timed_text(std::string_view line) {
  const auto time = take_time_of_day(line);
  if (!time) return std::nullopt;
  line = trim(line);
  if (!take(line, ':')) return std::nullopt;
  return TimedText{*time, trim(line)};
}

std::string quoted(std::string_view line) {
  constexpr std::size_t kLongest = 80;  // bytes; a problem is one line of a log
  return line.size() <= kLongest ? format("'{}'", line) : format("'{}…'", valid_utf8(line.substr(0, kLongest)));
}

// ---- m3u: looks like XML, but its text is not escaped reliably ------------------------------------------------------

struct Entity {
  std::string_view name;
  std::string_view meaning;
};
constexpr Entity kEntities[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
                                {"&quot;", "\""}, {"&apos;", "'"}, {"&#39;", "'"}};

// An & that begins no known entity means itself.
std::string without_entities(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto* const entity =
        std::ranges::find_if(kEntities, [&](const Entity& e) { return text.starts_with(e.name); });
    if (entity != std::end(kEntities)) {
      out += entity->meaning;
      text.remove_prefix(entity->name.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

// The value ends only at its own closing tag, so that a title may hold a bare < or &. Empty when there is no such tag.
std::string tag_value(std::string_view line, std::string_view lowered, std::string_view name) {
  const auto open = lowered.find(format("<{}>", name));
  if (open == std::string_view::npos) return {};
  const auto begin = open + name.size() + 2;
  const auto end = lowered.find(format("</{}>", name), begin);
  if (end == std::string_view::npos) return {};
  return without_entities(trim(line.substr(begin, end - begin)));
}

// A path may be of Windows or of Unix. What is streamed has no name of its own.
std::optional<Track> track_from_path(std::string_view path) {
  if (path.find("://") != std::string_view::npos) return std::nullopt;
  if (const auto slash = path.find_last_of("/\\"); slash != std::string_view::npos) path.remove_prefix(slash + 1);
  if (const auto dot = path.rfind('.'); dot != std::string_view::npos && dot > 0) path = path.substr(0, dot);
  return track_from_text(path);
}

std::optional<WallTime> moment_of(std::string_view unix_seconds) {
  constexpr long long kYear2000 = 946'684'800, kYear2200 = 7'258'118'400;
  const auto seconds = parse_integer(unix_seconds);
  if (!seconds || *seconds < kYear2000 || *seconds > kYear2200) return std::nullopt;
  return WallTime(std::chrono::seconds(*seconds));
}

}  // namespace

History parse_tracklist(std::string_view bytes) {
  History history{.format = HistoryFormat::kTracklist, .entries = {}, .problems = {}, .last_line_is_whole = true};
  const auto text = text_lines(bytes);
  history.last_line_is_whole = text.last_is_whole;
  SessionCalendar calendar;
  for (const auto& line : text.lines) {
    const bool is_whole = text.last_is_whole || &line != &text.lines.back();
    if (is_session_header(line.text)) {
      calendar.begin(find_day(line.text));
      continue;
    }
    if (is_rule(line.text)) continue;
    if (const auto timed = timed_text(line.text)) {
      const auto day = calendar.day_at(timed->time_of_day);
      if (auto track = track_from_text(timed->text)) {
        history.entries.push_back({std::move(*track), day, timed->time_of_day, {}});
      } else if (is_whole) {
        history.problems.push_back({line.number, "no artist and no title behind the time"});
      }
    } else if (auto track = track_from_labels(line.text)) {
      history.entries.push_back({std::move(*track), {}, {}, {}});
    } else if (is_whole) {
      history.problems.push_back(
          {line.number, format("expected 'HH:MM : Artist - Title', found {}", quoted(line.text))});
    }
  }
  return history;
}

History parse_now_playing(std::string_view bytes) {
  History history{.format = HistoryFormat::kNowPlaying, .entries = {}, .problems = {}, .last_line_is_whole = true};
  const auto text = text_lines(bytes);
  if (text.lines.empty()) return history;
  history.last_line_is_whole = text.last_is_whole || text.lines.size() > 1;
  const auto& line = text.lines.front();
  if (auto track = track_from_text(line.text)) {
    history.entries.push_back({std::move(*track), {}, {}, {}});
  } else if (history.last_line_is_whole) {
    history.problems.push_back({line.number, format("expected 'Artist - Title', found {}", quoted(line.text))});
  }
  return history;
}

History parse_m3u_history(std::string_view bytes, std::optional<LocalDay> day) {
  constexpr std::string_view kMark = "#EXTVDJ:";
  History history{.format = HistoryFormat::kM3u, .entries = {}, .problems = {}, .last_line_is_whole = true};
  const auto text = text_lines(bytes);
  history.last_line_is_whole = text.last_is_whole;
  SessionCalendar calendar;
  calendar.begin(day);
  for (std::size_t i = 0; i < text.lines.size(); ++i) {
    const auto& line = text.lines[i];
    if (!starts_with_ignoring_case(line.text, kMark)) continue;
    const bool is_last = i + 1 == text.lines.size();
    const auto lowered = lower_ascii(line.text);
    const auto tag = [&](std::string_view name) { return tag_value(line.text, lowered, name); };
    const auto time_tag = tag("time");
    if (time_tag.empty()) continue;
    std::string_view rest = time_tag;
    const auto time = take_time_of_day(rest);
    if (!time || !trim(rest).empty()) {
      history.problems.push_back({line.number, format("no time of day: {}", quoted(time_tag))});
      continue;
    }

    HistoryEntry entry{.track = {.artist = tag("artist"), .title = tag("title"), .album = {}, .duration = {}},
                       .day = calendar.day_at(*time),
                       .time_of_day = time,
                       .logged_at = moment_of(tag("lastplaytime"))};
    if (entry.track.title.empty() && !is_last && !text.lines[i + 1].text.starts_with('#')) {
      if (auto named = track_from_path(text.lines[i + 1].text)) entry.track = std::move(*named);
    }
    if (entry.track.title.empty()) {
      // The path that may tell the title is still to come when this is the last line.
      if (!is_last) history.problems.push_back({line.number, "neither a title nor a file name"});
      continue;
    }
    entry.track.title = title_with_remix(entry.track.title, tag("remix"));
    entry.track.duration = duration_from_text(tag("songlength"));
    history.entries.push_back(std::move(entry));
  }
  return history;
}

History parse_history(std::string_view file_name, std::string_view bytes) {
  const auto name = lower_ascii(file_name);
  if (name.ends_with(".m3u") || name.ends_with(".m3u8")) return parse_m3u_history(bytes, day_of_file(name));
  if (name.starts_with("tracklist")) return parse_tracklist(bytes);
  if (name.starts_with("now_playing")) return parse_now_playing(bytes);
  const bool has_history = std::ranges::any_of(text_lines(bytes).lines, [](const TextLine& line) {
    return is_session_header(line.text) || timed_text(line.text).has_value();
  });
  return has_history ? parse_tracklist(bytes) : parse_now_playing(bytes);
}

std::optional<LocalDay> day_of_file(std::string_view file_name) { return find_day(file_name); }

}  // namespace vj::playback
