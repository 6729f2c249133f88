// Numbers and times in the words of the screens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace vj::console {

[[nodiscard]] std::string track_time(Duration position);     // 2:15, 1:02:03
[[nodiscard]] std::string uptime(Time since, Time now);      // 1:02:11
[[nodiscard]] std::string age(Duration);                     // 12 s, 4:12, 2 h
[[nodiscard]] std::string countdown(Time until, Time now);   // 8 s; never more than is left, rounded up
[[nodiscard]] std::string percent(double value);             // 2.1%
[[nodiscard]] std::string bytes_in_mb(std::uint64_t bytes);  // 9 MB
[[nodiscard]] std::string grouped(std::uint64_t count);      // 18,204

// `offset` is local time minus UTC.
[[nodiscard]] std::string clock_minute(WallTime, Duration offset);       // 21:15
[[nodiscard]] std::string clock_second(WallTime, Duration offset);       // 21:15:32
[[nodiscard]] std::string clock_millisecond(WallTime, Duration offset);  // 21:15:32.481

// When a countdown says the next smaller number; nothing once it is over.
[[nodiscard]] std::optional<Time> next_countdown(Time until, Time now);

// What counts up ticks at the same moment everywhere on the screen: when the clock's whole second turns.
[[nodiscard]] Time next_second(Time now);

}  // namespace vj::console
