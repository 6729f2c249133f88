// Any bytes as any kind of history: reading ends, and what plays then has a title and a position within its track.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "playback/virtualdj_playback.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vj;
  constexpr std::array kNames = {"tracklist.txt", "now_playing.txt", "2024-11-30.m3u", "other.txt"};
  constexpr WallTime kNow{1'733'000'000s};  // half past nine in the evening of that day, an hour east of Greenwich
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto* const name : kNames) {
    const std::array files = {playback::look_again({}, playback::parse_history(name, bytes), kNow, kNow)};
    const auto state = playback::playback_from_history(files, kNow, 1h, Time(1s));
    if (state.is_playing && (!state.track || state.track->title.empty() || state.position < 0s)) std::abort();
  }
  return 0;
}
