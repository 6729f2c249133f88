// The one wait of a process: file descriptors, timers and posted work, on the thread that calls run(). Everything but
// Waker::wake() belongs to that thread. `now` is read once a turn, so that a turn cannot disagree with itself.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/time.hpp"
#include "platform/poller.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

class EventLoop {
 public:
  using Callback = std::function<void()>;
  using FdCallback = std::function<void(Readiness)>;

  // Each handle ends what it stands for when it dies, also from inside its own callback. A handle must not outlive
  // its loop.
  class Watch;
  class Timer;
  class Waker;

  explicit EventLoop(Backend backend = Backend::kNative);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Calls `callback` in every turn in which `fd` is ready (level-triggered); now and then without cause, so reads must
  // be non-blocking. `fd` stays the caller's.
  [[nodiscard]] Watch watch(int fd, Readiness interest, FdCallback callback);
  [[nodiscard]] Watch watch_readable(int fd, Callback callback);

  // A timer that is not armed yet.
  [[nodiscard]] Timer timer(Callback callback);

  // Calls `callback` once, after the callbacks that run now and before the next wait.
  void post(Callback callback);

  // Calls `callback` on the loop after wake() was called on any thread; several wakes may become one call.
  [[nodiscard]] Waker waker(Callback callback);

  [[nodiscard]] Time now() const { return now_; }
  // The clock itself, for measuring within a turn.
  [[nodiscard]] static Time clock();

  // How long after its deadline, and its tolerance, the turn's first timer came due: what the loop or the machine was
  // late.
  [[nodiscard]] Duration lateness() const { return lateness_; }

  // Runs until stop(); returns its code.
  int run();
  void stop(int code = 0);
  [[nodiscard]] bool stopping() const { return stopping_; }

  // One turn: waits at most `longest`, carries out what came. For tests and for callers that wait for one answer.
  void run_once(Duration longest);

 private:
  struct FdEntry;
  struct TimerEntry;

  [[nodiscard]] std::optional<Time> latest_wake() const;
  void run_due_timers();
  void run_posted();

  std::unique_ptr<Poller> poller_;
  std::map<int, std::shared_ptr<FdEntry>> fds_;
  std::set<std::pair<Time, TimerEntry*>> armed_;
  std::vector<Callback> posted_;
  std::vector<ReadyFd> ready_;
  Time now_;
  Duration lateness_{};
  bool stopping_ = false;
  int code_ = 0;
};

class EventLoop::Watch {
 public:
  Watch() = default;
  Watch(Watch&& other) noexcept;
  Watch& operator=(Watch&& other) noexcept;
  ~Watch() { end(); }

  void change(Readiness interest);
  void end();
  [[nodiscard]] explicit operator bool() const { return entry_ != nullptr; }

 private:
  friend class EventLoop;
  Watch(EventLoop& loop, std::shared_ptr<FdEntry> entry);

  EventLoop* loop_ = nullptr;
  std::shared_ptr<FdEntry> entry_;
};

class EventLoop::Timer {
 public:
  Timer() = default;
  Timer(Timer&& other) noexcept;
  Timer& operator=(Timer&& other) noexcept;
  ~Timer();

  void at(Time deadline);  // moves the deadline where there is one
  void after(Duration delay) { at(loop_->now() + delay); }
  // First after one period; a period that was missed is not made up for. It may come up to `tolerance` after its time,
  // with whatever wakes the loop then: of many things that are done now and then, most can wait for another.
  void every(Duration period, Duration tolerance = {});
  void cancel();
  [[nodiscard]] bool armed() const;

 private:
  friend class EventLoop;
  explicit Timer(EventLoop& loop, std::shared_ptr<TimerEntry> entry);

  EventLoop* loop_ = nullptr;
  std::shared_ptr<TimerEntry> entry_;
};

class EventLoop::Waker {
 public:
  Waker() = default;
  Waker(Waker&&) noexcept = default;
  Waker& operator=(Waker&&) noexcept = default;

  void wake() const;  // Thread-safe: yes. Async-signal-safe: yes.

 private:
  friend class EventLoop;
  UniqueFd write_end_;
  UniqueFd read_end_;
  Watch watch_;
};

}  // namespace vj::platform
