#include "console/bus_feed.hpp"

#include <utility>

#include "console/bus_session.hpp"

namespace vj::console {

BusFeed::BusFeed(Setup setup, Mailbox& mailbox)
    : setup_(std::move(setup)),
      mailbox_(mailbox),
      waker_(loop_.waker([this] { on_wake_(); })),
      thread_([this] { run(); }) {}

BusFeed::~BusFeed() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  waker_.wake();
}

void BusFeed::request(Request request) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
  }
  waker_.wake();
}

BusFeed::Wishes BusFeed::take_wishes() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(requests_, {}), end_};
}

void BusFeed::run() {
  BusSession session(loop_, setup_, mailbox_);
  on_wake_ = [&] {
    auto wishes = take_wishes();
    for (auto& request : wishes.requests) session.carry_out(std::move(request));
    if (wishes.end) session.end();
  };
  session.begin();
  on_wake_();  // what was asked before there was a session
  loop_.run();
}

}  // namespace vj::console
