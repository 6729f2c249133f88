// What one source plays at one moment, as `spotify.state` and `virtualdj.state` carry it. A source that cannot be read
// is a state without a track and with a reason, never an invented track.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "playback/track.hpp"

namespace vj::playback {

struct PlaybackState {
  std::string source;  // "spotify", "virtualdj"
  std::string player;  // what exactly was read, for people: "spotify" (MPRIS name), "VirtualDJ history"
  bool is_playing = false;
  std::optional<Track> track;

  // Where the track was at `position_at` on this machine's monotonic clock, and how fast it moves (1 is normal). It
  // does not move while is_playing is false.
  Duration position{};
  Time position_at{};
  double rate = 1.0;
  double position_confidence = 0.0;  // 0 (a guess, or no position) to 1 (measured)

  bool audible = true;      // false: it plays, but the audience does not hear it (a deck being cued)
  std::optional<int> deck;  // from 1, where the source has decks

  std::string reason;                // why nothing plays, or what is wrong and how to mend it; empty when all is well
  std::optional<Duration> retry_in;  // until the source tries again by itself

  friend bool operator==(const PlaybackState&, const PlaybackState&) = default;
};

}  // namespace vj::playback
