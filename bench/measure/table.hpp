// What a benchmark prints: a row per case, ours beside its floor or peer of the same run. Both sides of a pair are
// measured in turns, so that a machine that slows down slows both.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace vj::bench {

using Microseconds = std::chrono::duration<double, std::micro>;

[[nodiscard]] inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Microseconds that one call of `work` takes, on average over `repeats`.
template <class Work>
[[nodiscard]] double time_of(int repeats, Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < repeats; ++i) work();
  return Microseconds(std::chrono::steady_clock::now() - begin).count() / repeats;
}

struct Pair {
  double ours = 0;
  double floor = 0;
};

// The medians over `rounds` of both, measured in turns. One round before them warms up and does not count.
template <class Ours, class Floor>
[[nodiscard]] Pair in_turns(int rounds, int repeats, Ours&& ours, Floor&& floor) {
  std::vector<double> a, b;
  for (int round = 0; round <= rounds; ++round) {
    const double of_ours = time_of(repeats, ours);
    const double of_floor = time_of(repeats, floor);
    if (round == 0) continue;
    a.push_back(of_ours);
    b.push_back(of_floor);
  }
  return {median(a), median(b)};
}

inline void print_header() { std::printf("%-44s %12s %12s %8s\n", "case", "ours, us", "floor, us", "ratio"); }
inline void print_row(const std::string& name, const Pair& pair) {
  std::printf("%-44s %12.2f %12.2f %8.2f\n", name.c_str(), pair.ours, pair.floor, pair.ours / pair.floor);
}

}  // namespace vj::bench
