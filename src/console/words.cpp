#include "console/words.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace vj::console {
namespace {

using std::chrono::seconds;

long long whole_seconds(Duration d) { return std::chrono::floor<seconds>(d).count(); }
long long whole_second(Time t) { return whole_seconds(t.time_since_epoch()); }

}  // namespace

std::string track_time(Duration position) {
  const long long total = std::max(0LL, whole_seconds(position));
  if (total >= 3600) return format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
  return format("{}:{:02}", total / 60, total % 60);
}

std::string uptime(Time since, Time now) {
  const long long total = std::max(0LL, whole_second(now) - whole_second(since));
  return format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

std::string age(Duration d) {
  const long long total = std::max(0LL, whole_seconds(d));
  if (total < 60) return format("{} s", total);
  if (total < 3600) return track_time(d);
  return format("{} h", total / 3600);
}

std::string countdown(Time until, Time now) {
  return format("{} s", std::max(0LL, static_cast<long long>(std::chrono::ceil<seconds>(until - now).count())));
}

std::optional<Time> next_countdown(Time until, Time now) {
  if (now >= until) return std::nullopt;
  return until - (std::chrono::ceil<seconds>(until - now) - 1s);
}

std::string percent(double value) { return value < 99.95 ? format("{:.1f}%", value) : format("{:.0f}%", value); }

std::string bytes_in_mb(std::uint64_t bytes) { return format("{} MB", (bytes + 500'000) / 1'000'000); }

std::string grouped(std::uint64_t count) {
  std::string digits = format("{}", count);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), 1, ',');
  }
  return digits;
}

std::string clock_second(WallTime time, Duration offset) {
  const long long second = std::chrono::floor<seconds>(time.time_since_epoch() + offset).count();
  return format("{:02}:{:02}:{:02}", second / 3600 % 24, second / 60 % 60, second % 60);
}

std::string clock_millisecond(WallTime time, Duration offset) {
  const auto count = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return format("{}.{:03}", clock_second(time, offset), count % 1000);
}

std::string clock_minute(WallTime now, Duration offset) {
  const long long minutes = std::chrono::floor<std::chrono::minutes>(now.time_since_epoch() + offset).count();
  return format("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
}

Time next_second(Time now) { return std::chrono::floor<seconds>(now) + 1s; }

}  // namespace vj::console
