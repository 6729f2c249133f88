// What analysis costs: microseconds that each stage takes of a hop of 512 samples, on music-like sound, and everything
// together, against what it may cost.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

#include "audio/analyzer.hpp"
#include "support/sounds.hpp"

namespace {

using namespace vj;

constexpr double kSeconds = 60;

std::uint64_t nanoseconds() noexcept {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

struct Cost {
  std::vector<std::uint32_t> of_hops;  // nanoseconds

  [[nodiscard]] double at(double share) {
    const auto place = of_hops.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(of_hops.size() - 1));
    std::ranges::nth_element(of_hops, place);
    return *place / 1000.0;
  }
};

void print(const char* name, Cost& cost, const char* limits) {
  std::printf("%-20s %12.2f %12.2f %12.2f   %s\n", name, cost.at(0.5), cost.at(0.99), cost.at(1), limits);
}

// Drums, a bass line and chords, with a break in the middle.
test::Sound music() {
  auto sound = test::four_on_the_floor(128, kSeconds);
  const auto quiet = test::samples_in(20), until = test::samples_in(24);
  std::fill(sound.begin() + static_cast<std::ptrdiff_t>(quiet), sound.begin() + static_cast<std::ptrdiff_t>(until),
            0.0F);
  test::mix(sound, test::noise(kSeconds, 0.02), 0);
  for (int i = 0; i < static_cast<int>(kSeconds / 0.46875); ++i) {
    const double root = 55 * std::exp2((i / 8 % 4) * 3 / 12.0);
    test::mix(sound, test::sine(root, 0.2, 0.3), 0.484 + i * 0.46875);
    if (i % 4 == 0) test::mix(sound, test::sine(root * 4, 1.5, 0.1), 0.25 + i * 0.46875);
  }
  return sound;
}

}  // namespace

int main() {
  audio::Analyzer analyzer({});
  analyzer.measure_with(nanoseconds);
  const auto sound = music();
  std::array<Cost, audio::kStages> stages;
  Cost all;
  std::array<std::uint32_t, audio::kStages> pair{};
  std::size_t hops = 0;
  for (std::size_t i = 0; i + audio::kHop <= sound.size(); i += audio::kHop) {
    (void)analyzer.process(std::span<const float>(sound).subspan(i).first<audio::kHop>());
    const auto& times = analyzer.last_times();
    for (std::size_t s = 0; s < pair.size(); ++s) pair[s] += times[s];
    if (++hops % 2 != 0) continue;
    std::uint32_t sum = 0;
    for (std::size_t s = 0; s < pair.size(); ++s) stages[s].of_hops.push_back(pair[s]), sum += pair[s];
    all.of_hops.push_back(sum);
    pair.fill(0);
  }
  std::printf("%-20s %12s %12s %12s   %s\n", "stage", "median, us", "p99, us", "max, us", "allowed (median, p99)");
  for (std::size_t s = 0; s < stages.size(); ++s) {
    print(audio::kStageNames[s].data(), stages[s], audio::kStageNames[s] == "beat" ? "25, 60" : "");
  }
  print("everything", all, "80, 150");
  return 0;
}
