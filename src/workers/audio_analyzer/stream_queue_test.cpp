#include "workers/audio_analyzer/stream_queue.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;

namespace {

constexpr Duration kPeriod = 11610us;
constexpr Time kStart = Time(100s);

StreamQueue::Entry entry(Time due, std::uint32_t cost = 0) {
  StreamQueue::Entry made{.due = due, .captured_at = due, .features = {}, .cost = {}};
  made.cost.osc = cost;
  return made;
}

}  // namespace

TEST_CASE("what comes evenly is said when it is due, all of it") {
  int passed = 0;
  StreamQueue queue(kPeriod, [&](const HopCost&) { ++passed; });
  for (int i = 0; i < 100; ++i) {
    const Time due = kStart + i * kPeriod;
    queue.add(entry(due));
    CHECK(!queue.take(due - 1us));
    CHECK(queue.next() == due);
    CHECK(queue.take(due)->due == due);
    CHECK(!queue.next());
  }
  CHECK(passed == 0);
}

TEST_CASE("of what is overdue only the newest is said, and what the others cost is not forgotten") {
  std::vector<std::uint32_t> passed;
  StreamQueue queue(kPeriod, [&](const HopCost& cost) { passed.push_back(cost.osc); });
  for (std::uint32_t i = 0; i < 4; ++i) queue.add(entry(kStart + i * kPeriod, i));
  CHECK(queue.take(kStart + 2 * kPeriod)->cost.osc == 2);
  CHECK(passed == std::vector<std::uint32_t>{0, 1});
  CHECK(queue.next() == kStart + 3 * kPeriod);
}

TEST_CASE("a burst after a stall leaves as few as its time allows, and is not put off by its own length") {
  StreamQueue queue(kPeriod, [](const HopCost&) {});
  int said = 0;
  for (int i = 0; i < 72; ++i) {  // within 100 ms, each due 8 ms after it came
    const Time now = kStart + i * 1400us;
    queue.add(entry(now + 8ms));
    if (queue.take(now)) ++said;
  }
  CHECK(said > 8);
  CHECK(said < 20);
}
