// `spotify.state`, `virtualdj.state` and `playback.active`: a playback state as a payload. Times are seconds;
// `position_at` is on this machine's monotonic clock, the message's timestamp on the wall clock.
#pragma once

#include "playback/playback_state.hpp"
#include "wire/value.hpp"

namespace vj::wire {

[[nodiscard]] Value to_value(const playback::PlaybackState& state);

// What is missing or of a wrong type costs that field only.
[[nodiscard]] playback::PlaybackState playback_state_from(const Value& payload);

}  // namespace vj::wire
