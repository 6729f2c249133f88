#include "platform/event_loop.hpp"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "base/assert.hpp"

namespace vj::platform {

struct EventLoop::FdEntry {
  int fd;
  FdCallback callback;
};

struct EventLoop::TimerEntry {
  Callback callback;
  Time deadline;
  Duration period{};
  Duration tolerance{};
  bool armed = false;
};

EventLoop::EventLoop(Backend backend) : poller_(make_poller(backend)), now_(clock()) {}
EventLoop::~EventLoop() = default;

Time EventLoop::clock() { return std::chrono::steady_clock::now(); }

EventLoop::Watch EventLoop::watch(int fd, Readiness interest, FdCallback callback) {
  auto entry = std::make_shared<FdEntry>(fd, std::move(callback));
  VJ_ASSERT(fds_.emplace(fd, entry).second);
  poller_->add(fd, interest);
  return Watch(*this, std::move(entry));
}

EventLoop::Watch EventLoop::watch_readable(int fd, Callback callback) {
  return watch(fd, {.readable = true}, [callback = std::move(callback)](Readiness) { callback(); });
}

EventLoop::Timer EventLoop::timer(Callback callback) {
  auto entry = std::make_shared<TimerEntry>();
  entry->callback = std::move(callback);
  return Timer(*this, std::move(entry));
}

void EventLoop::post(Callback callback) { posted_.push_back(std::move(callback)); }

int EventLoop::run() {
  while (!stopping_) run_once(std::chrono::hours(1));
  return code_;
}

void EventLoop::stop(int code) {
  stopping_ = true;
  code_ = code;
}

void EventLoop::run_once(Duration longest) {
  if (const auto next = latest_wake()) longest = std::min(longest, std::max<Duration>(0ns, *next - clock()));
  if (!posted_.empty()) longest = 0ns;
  poller_->wait(longest, ready_);
  now_ = clock();
  run_due_timers();
  for (const auto& ready : ready_) {
    const auto found = fds_.find(ready.fd);
    if (found == fds_.end()) continue;
    const auto entry = found->second;  // keeps the callback alive while it runs
    entry->callback(ready.ready);
  }
  run_posted();
}

std::optional<Time> EventLoop::latest_wake() const {
  std::optional<Time> latest;
  for (const auto& [deadline, timer] : armed_) {
    if (latest && deadline >= *latest) break;
    const Time end = deadline + timer->tolerance;
    latest = latest ? std::min(*latest, end) : end;
  }
  return latest;
}

void EventLoop::run_due_timers() {
  const auto latest = latest_wake();
  lateness_ = latest ? std::max<Duration>(0ns, now_ - *latest) : 0ns;
  // Only what is due by this turn's `now`: a timer that arms itself again waits for the next turn.
  std::vector<std::pair<Time, TimerEntry*>> due;
  for (const auto& timer : armed_) {
    if (timer.first > now_) break;
    due.push_back(timer);
  }
  for (const auto& timer : due) {
    if (armed_.erase(timer) == 0) continue;  // cancelled or moved by an earlier callback
    TimerEntry* entry = timer.second;
    entry->armed = false;
    if (entry->period > 0ns) {
      entry->deadline = std::max(entry->deadline + entry->period, now_ + entry->period / 2);
      entry->armed = armed_.emplace(entry->deadline, entry).second;
    }
    const auto callback = entry->callback;  // the callback may destroy its timer
    callback();
  }
}

void EventLoop::run_posted() {
  const auto posted = std::exchange(posted_, {});
  for (const auto& callback : posted) callback();
}

EventLoop::Watch::Watch(EventLoop& loop, std::shared_ptr<FdEntry> entry) : loop_(&loop), entry_(std::move(entry)) {}
EventLoop::Watch::Watch(Watch&& other) noexcept : loop_(other.loop_), entry_(std::move(other.entry_)) {}

EventLoop::Watch& EventLoop::Watch::operator=(Watch&& other) noexcept {
  if (this != &other) {
    end();
    loop_ = other.loop_;
    entry_ = std::move(other.entry_);
  }
  return *this;
}

void EventLoop::Watch::change(Readiness interest) { loop_->poller_->change(entry_->fd, interest); }

void EventLoop::Watch::end() {
  if (!entry_) return;
  loop_->poller_->remove(entry_->fd);
  loop_->fds_.erase(entry_->fd);
  entry_.reset();
}

EventLoop::Timer::Timer(EventLoop& loop, std::shared_ptr<TimerEntry> entry) : loop_(&loop), entry_(std::move(entry)) {}
EventLoop::Timer::Timer(Timer&& other) noexcept : loop_(other.loop_), entry_(std::move(other.entry_)) {}

EventLoop::Timer& EventLoop::Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    if (entry_) cancel();
    loop_ = other.loop_;
    entry_ = std::move(other.entry_);
  }
  return *this;
}

EventLoop::Timer::~Timer() {
  if (entry_) cancel();
}

void EventLoop::Timer::at(Time deadline) {
  cancel();
  entry_->deadline = deadline;
  entry_->armed = loop_->armed_.emplace(deadline, entry_.get()).second;
}

void EventLoop::Timer::every(Duration period, Duration tolerance) {
  at(loop_->now() + period);
  entry_->period = period;
  entry_->tolerance = tolerance;
}

void EventLoop::Timer::cancel() {
  if (entry_->armed) loop_->armed_.erase({entry_->deadline, entry_.get()});
  entry_->armed = false;
  entry_->period = 0ns;
  entry_->tolerance = 0ns;
}

bool EventLoop::Timer::armed() const { return entry_ && entry_->armed; }

EventLoop::Waker EventLoop::waker(Callback callback) {
  // A pipe and not an eventfd: it is the same on every system, and a wake is rare.
  int ends[2];
  VJ_ASSERT(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  Waker waker;
  waker.read_end_ = UniqueFd(ends[0]);
  waker.write_end_ = UniqueFd(ends[1]);
  waker.watch_ = watch_readable(ends[0], [fd = ends[0], callback = std::move(callback)] {
    char buffer[64];
    while (::read(fd, buffer, sizeof buffer) == static_cast<ssize_t>(sizeof buffer)) {
    }
    callback();
  });
  return waker;
}

void EventLoop::Waker::wake() const {
  const char byte = 0;
  // A full pipe means that a wake is pending already, which is all that is wanted.
  [[maybe_unused]] const auto written = ::write(write_end_.get(), &byte, 1);
}

}  // namespace vj::platform
