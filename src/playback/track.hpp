// A piece of music as a player names it. Empty text is unknown text; two tracks are the same when all of it is equal.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"

namespace vj::playback {

struct Track {
  std::string artist;
  std::string title;
  std::string album;
  std::optional<Duration> duration;

  friend bool operator==(const Track&, const Track&) = default;
};

}  // namespace vj::playback
