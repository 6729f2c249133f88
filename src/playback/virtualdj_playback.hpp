// Decides from history files what VirtualDJ plays now, and about where in the track it is. It reads no file and no
// clock. A history is written late and rarely, so every position it gives is an estimate.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "playback/playback_state.hpp"
#include "playback/virtualdj_history.hpp"

namespace vj::playback {

// One file as its reader knows it.
struct HistoryFile {
  HistoryFormat format = HistoryFormat::kTracklist;
  std::optional<HistoryEntry> last;  // the newest entry
  WallTime changed;                  // the file's modification time
  // When the reader saw the last entry appear. Absent when it was there at the first look.
  std::optional<WallTime> appeared;

  friend bool operator==(const HistoryFile&, const HistoryFile&) = default;
};

struct HistoryPolicy {
  Duration delay = 45s;             // VirtualDJ logs a track when it has played for so long (its default)
  Duration unknown_length = 15min;  // for how long a track without a known length is believed to play
};

// What is known of a file after it has been read again at `now`. `before` is absent at the first look.
[[nodiscard]] HistoryFile look_again(const std::optional<HistoryFile>& before, const History& read, WallTime changed,
                                     WallTime now);

// The newest entry of all files plays, until it is older than the track's own length: then it is history. An entry is
// dated by the moment it was seen to appear; else by <lastplaytime>; else by its minute, or by the file's modification
// time where that lies within the minute; and never after the file was last changed. The track is taken to have begun
// `delay` before; that of a now_playing file, which is written on the change itself, at once. Two files that tell of
// one track give its length together.
//
// `utc_offset` is local time minus UTC.
[[nodiscard]] PlaybackState playback_from_history(std::span<const HistoryFile> files, WallTime wall_now,
                                                  Duration utc_offset, Time now, const HistoryPolicy& policy = {});

}  // namespace vj::playback
