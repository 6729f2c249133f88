#include "platform/event_loop.hpp"

#include <thread>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace vj;
using namespace vj::platform;

namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    read = UniqueFd(ends[0]);
    write = UniqueFd(ends[1]);
  }
  UniqueFd read, write;
};

}  // namespace

TEST_CASE("the loop works the same over epoll and over poll") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    CAPTURE(static_cast<int>(backend));
    EventLoop loop(backend);

    SUBCASE("a readable descriptor calls back") {
      Pipe pipe;
      int calls = 0;
      const auto watch = loop.watch_readable(pipe.read.get(), [&] {
        ++calls;
        loop.stop(7);
      });
      REQUIRE(::write(pipe.write.get(), "x", 1) == 1);
      CHECK(loop.run() == 7);
      CHECK(calls == 1);
    }

    SUBCASE("a hang-up is reported as readable") {
      Pipe pipe;
      const auto watch = loop.watch_readable(pipe.read.get(), [&] { loop.stop(); });
      pipe.write.reset();
      CHECK(loop.run() == 0);
    }

    SUBCASE("a watch that ended in its own callback is not called again") {
      Pipe pipe;
      int calls = 0;
      EventLoop::Watch watch;
      watch = loop.watch_readable(pipe.read.get(), [&] {
        ++calls;
        watch.end();
      });
      REQUIRE(::write(pipe.write.get(), "x", 1) == 1);
      loop.run_once(1s);
      loop.run_once(0s);
      CHECK(calls == 1);
    }

    SUBCASE("a timer with tolerance comes along with whatever wakes the loop within it") {
      std::vector<int> order;
      Time tolerant_at;
      auto tolerant = loop.timer([&] { order.push_back(1), tolerant_at = loop.now(); });
      auto punctual = loop.timer([&] { order.push_back(2); });
      const Time start = loop.now();
      tolerant.every(5ms, 1h);
      punctual.at(start + 8ms);
      loop.run_once(10s);  // one wait, for both
      CHECK(order == std::vector{1, 2});
      CHECK(tolerant_at >= start + 8ms);
      CHECK(loop.lateness() < 1h);
    }

    SUBCASE("a timer with tolerance needs nothing else to come, and is not late within it") {
      int calls = 0;
      Duration lateness{};
      auto tolerant = loop.timer([&] { ++calls, lateness = loop.lateness(); });
      const Time start = loop.now();
      tolerant.every(1ms, 4ms);
      loop.run_once(10s);
      CHECK(calls == 1);
      CHECK(loop.now() >= start + 5ms);
      CHECK(lateness == loop.now() - (start + 5ms));
    }

    SUBCASE("timers come in the order of their deadlines, never early") {
      std::vector<int> order;
      const Time start = loop.now();
      auto late = loop.timer([&] { order.push_back(2), loop.stop(); });
      auto early = loop.timer([&] {
        CHECK(loop.now() >= start + 2ms);
        order.push_back(1);
      });
      late.at(start + 5ms);
      early.at(start + 2ms);
      loop.run();
      CHECK(order == std::vector{1, 2});
    }

    SUBCASE("a cancelled timer never comes, and a moved one comes once") {
      int calls = 0;
      auto cancelled = loop.timer([&] { ++calls; });
      auto moved = loop.timer([&] { ++calls, loop.stop(); });
      cancelled.after(1ms);
      moved.after(1ms);
      moved.after(3ms);
      cancelled.cancel();
      loop.run();
      CHECK(calls == 1);
      CHECK_FALSE(moved.armed());
    }

    SUBCASE("a timer may destroy itself and others") {
      auto other = std::make_unique<EventLoop::Timer>(loop.timer([] { FAIL("was destroyed"); }));
      EventLoop::Timer self;
      self = loop.timer([&] {
        other.reset();
        self = EventLoop::Timer();
        loop.stop();
      });
      self.after(1ms);
      other->after(1ms + 1ns);
      loop.run();
    }

    SUBCASE("a periodic timer repeats until it is cancelled") {
      int calls = 0;
      EventLoop::Timer timer = loop.timer([&] {
        if (++calls == 3) timer.cancel(), loop.stop();
      });
      timer.every(1ms);
      loop.run();
      CHECK(calls == 3);
    }

    SUBCASE("posted work runs once, before the next wait") {
      int calls = 0;
      loop.post([&] {
        ++calls;
        loop.post([&] { loop.stop(); });
      });
      loop.run();
      CHECK(calls == 1);
    }

    SUBCASE("another thread wakes the loop") {
      auto waker = loop.waker([&] { loop.stop(3); });
      std::jthread thread([&] { waker.wake(), waker.wake(); });
      CHECK(loop.run() == 3);
    }
  }
}
