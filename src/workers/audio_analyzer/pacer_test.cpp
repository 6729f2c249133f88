#include "workers/audio_analyzer/pacer.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;

namespace {

constexpr Duration kHop = 5805us;
constexpr Time kStart = Time(100s);

// Milliseconds that 99 of 100 intervals differ from a hop at most.
double stray(const std::vector<Time>& times) {
  std::vector<double> off;
  for (std::size_t i = 1; i < times.size(); ++i)
    off.push_back(std::abs(to_seconds(times[i] - times[i - 1] - kHop)) * 1000);
  std::sort(off.begin(), off.end());
  return off[off.size() * 99 / 100];
}

struct Said {
  std::vector<Time> arrived, due;
};

// Hops that arrive when `arrival(n)` says, of which those of the first three seconds do not count.
template <class Arrival>
Said pace(Arrival arrival) {
  static constexpr int kHops = 4000, kSettled = 516;
  Pacer pacer(kHop);
  Said said;
  for (int n = 0; n < kHops; ++n) {
    const Time arrived = arrival(n);
    const Time due = pacer.due(arrived);
    CHECK(due >= arrived);
    CHECK(due <= arrived + Pacer::kLongestWait);
    if (!said.due.empty()) CHECK(due >= said.due.back());
    if (n < kSettled) continue;
    said.arrived.push_back(arrived);
    said.due.push_back(due);
  }
  return said;
}

}  // namespace

TEST_CASE("hops that come evenly are said as they come") {
  const auto said = pace([](int n) { return kStart + n * kHop; });
  for (std::size_t i = 0; i < said.due.size(); ++i) CHECK(said.due[i] - said.arrived[i] < 600us);
}

TEST_CASE("hops that come two at a time are said evenly") {
  const auto said = pace([](int n) { return kStart + (n / 2 * 2 + 1) * kHop; });
  CHECK(stray(said.arrived) > 5);
  CHECK(stray(said.due) < 0.6);
}

TEST_CASE("hops that come at random are said at least twice as evenly, also by a clock that drifts") {
  std::mt19937 random(1);
  std::exponential_distribution<double> late(1 / 0.0015);
  Time last = kStart;
  const auto said = pace([&](int n) {
    const auto even = kStart + n * from_seconds(to_seconds(kHop) * 1.0002);
    return last = std::max(last, even + from_seconds(late(random)));
  });
  CHECK(stray(said.due) < stray(said.arrived) / 2);
}

TEST_CASE("after a pause it begins anew, without haste and without a wait") {
  Pacer pacer(kHop);
  for (int n = 0; n < 1000; ++n) (void)pacer.due(kStart + n * kHop);
  const Time later = kStart + 60s;
  CHECK(pacer.due(later) - later < 1ms);
  CHECK(pacer.due(later + kHop) - (later + kHop) < 2ms);
}
