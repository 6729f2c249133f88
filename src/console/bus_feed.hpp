// The console's ear and voice on the bus, on a thread of its own: it follows registry and telemetry into the mailbox,
// keeps the process manager alive, and carries out what the screen asks for. It decides nothing about the screen.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "config/config.hpp"
#include "console/mailbox.hpp"
#include "console/message.hpp"
#include "platform/event_loop.hpp"
#include "platform/files.hpp"

namespace vj::console {

class BusFeed {
 public:
  struct Setup {
    platform::Path home;
    std::optional<platform::Path> config_file;
    config::Config config;
    bool auto_start = true;  // start a process manager and all workers
  };
  using Request = std::variant<Ask, AudioWish, StopEverything, FollowOsc, ClearOsc>;

  // `mailbox` outlives the feed. Signals are to be blocked before.
  BusFeed(Setup setup, Mailbox& mailbox);
  // Waits for the thread, which lets go of the bus and leaves every process running.
  ~BusFeed();
  BusFeed(const BusFeed&) = delete;
  BusFeed& operator=(const BusFeed&) = delete;

  // Answered in the mailbox. Thread-safe: yes.
  void request(Request request);

 private:
  struct Wishes {
    std::deque<Request> requests;
    bool end = false;
  };

  void run();
  [[nodiscard]] Wishes take_wishes();

  Setup setup_;
  Mailbox& mailbox_;
  platform::EventLoop loop_;  // of the thread, once it runs
  std::mutex mutex_;
  std::deque<Request> requests_;
  bool end_ = false;
  std::function<void()> on_wake_;
  platform::EventLoop::Waker waker_;
  std::jthread thread_;
};

}  // namespace vj::console
