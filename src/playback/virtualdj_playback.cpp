#include "playback/virtualdj_playback.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::playback {
namespace {

// Clocks of two machines, and a minute that is only known as a minute.
constexpr Duration kSameMoment = 90s;
// An entry whose own time lies further from the moment it appeared came with a file that was replaced or copied.
constexpr Duration kBelievableSkew = 12h;
constexpr Duration kMinute = 1min;

// No estimate deserves more: nobody knows when the DJ pressed play, nor at which pitch.
constexpr double kConfidenceToTheSecond = 0.2;
constexpr double kConfidenceToTheMinute = 0.1;

struct DatedEntry {
  HistoryEntry entry;
  WallTime written;
  WallTime started;
  double confidence = 0.0;
};

// The first instant of the entry's minute. An entry that does not know its day has that of the file's last change, or
// the day before when that would lie in the future.
std::optional<WallTime> minute_of(const HistoryEntry& entry, WallTime latest, Duration utc_offset) {
  if (!entry.time_of_day) return std::nullopt;
  const auto at = [&](LocalDay day) { return WallTime(day.time_since_epoch() + *entry.time_of_day - utc_offset); };
  if (entry.day) return at(*entry.day);
  const auto today = std::chrono::floor<std::chrono::days>((latest + utc_offset).time_since_epoch());
  const auto moment = at(LocalDay(today));
  return moment > latest + kMinute ? at(LocalDay(today - std::chrono::days(1))) : moment;
}

DatedEntry dated(const HistoryFile& file, WallTime wall_now, Duration utc_offset, const HistoryPolicy& policy) {
  const auto& entry = *file.last;
  const auto latest = std::min(file.changed, wall_now);
  auto minute = minute_of(entry, latest, utc_offset);
  // Both tell of the same moment, unless <lastplaytime> is of an earlier play; without a day it is the better witness.
  const bool is_exact =
      entry.logged_at && (!minute || !entry.day || std::chrono::abs(*entry.logged_at - *minute) < 10 * kMinute);

  WallTime written = latest;
  double confidence = kConfidenceToTheSecond;
  if (is_exact) {
    written = std::min(*entry.logged_at, latest);
  } else if (minute && *minute + kMinute <= latest) {
    written = *minute + kMinute / 2;
    confidence = kConfidenceToTheMinute;
  }
  if (file.appeared && std::chrono::abs(*file.appeared - written) < kBelievableSkew) {
    written = std::min(*file.appeared, wall_now);
    confidence = kConfidenceToTheSecond;
  }
  const auto delay = file.format == HistoryFormat::kNowPlaying ? Duration::zero() : policy.delay;
  return {entry, written, written - delay, confidence};
}

bool is_same_track(const Track& a, const Track& b) {
  return equal_ignoring_case(a.artist, b.artist) && equal_ignoring_case(a.title, b.title);
}

std::optional<DatedEntry> newest(std::span<const HistoryFile> files, WallTime wall_now, Duration utc_offset,
                                 const HistoryPolicy& policy) {
  std::vector<DatedEntry> all;
  for (const auto& file : files) {
    if (file.last) all.push_back(dated(file, wall_now, utc_offset, policy));
  }
  if (all.empty()) return std::nullopt;
  auto result = *std::ranges::max_element(all, {}, &DatedEntry::written);
  for (const auto& other : all) {
    if (result.entry.track.duration) break;
    const bool is_same_play = result.written - other.written < kSameMoment + policy.delay;
    if (is_same_play && is_same_track(result.entry.track, other.entry.track)) {
      result.entry.track.duration = other.entry.track.duration;
    }
  }
  return result;
}

std::string name_of(const Track& track) {
  return track.artist.empty() ? track.title : format("{} - {}", track.artist, track.title);
}

}  // namespace

HistoryFile look_again(const std::optional<HistoryFile>& before, const History& read, WallTime changed, WallTime now) {
  HistoryFile file{.format = read.format, .last = {}, .changed = changed, .appeared = {}};
  if (!read.entries.empty()) file.last = read.entries.back();
  if (before) file.appeared = file.last == before->last ? before->appeared : std::optional(now);
  if (!file.last) file.appeared.reset();
  return file;
}

PlaybackState playback_from_history(std::span<const HistoryFile> files, WallTime wall_now, Duration utc_offset,
                                    Time now, const HistoryPolicy& policy) {
  PlaybackState state;
  state.source = "virtualdj";
  state.player = "VirtualDJ history";
  state.position_at = now;

  const auto last = newest(files, wall_now, utc_offset, policy);
  if (!last) {
    state.audible = false;
    state.reason = "no track in the history yet";
    return state;
  }
  const auto& track = last->entry.track;
  const auto length = track.duration.value_or(policy.unknown_length);
  if (wall_now - last->written > length) {
    state.audible = false;
    state.reason = format("nothing new since {}", name_of(track));
    return state;
  }
  state.is_playing = true;
  state.track = track;
  state.position = std::clamp<Duration>(wall_now - last->started, Duration::zero(), length);
  state.position_confidence = last->confidence;
  return state;
}

}  // namespace vj::playback
