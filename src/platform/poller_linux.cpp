#include <algorithm>
#include <array>

#include <sys/epoll.h>

#include "base/assert.hpp"
#include "platform/poller.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {
namespace {

epoll_event event_for(int fd, Readiness interest) {
  epoll_event event{};
  event.events = (interest.readable ? EPOLLIN : 0U) | (interest.writable ? EPOLLOUT : 0U);
  event.data.fd = fd;
  return event;
}

class EpollPoller final : public Poller {
 public:
  EpollPoller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) { VJ_ASSERT(epoll_); }

  void add(int fd, Readiness interest) override { control(EPOLL_CTL_ADD, fd, interest); }
  void change(int fd, Readiness interest) override { control(EPOLL_CTL_MOD, fd, interest); }
  void remove(int fd) override { ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

  void wait(std::optional<Duration> longest, std::vector<ReadyFd>& ready) override {
    ready.clear();
    timespec timeout{};
    if (longest) {
      const auto bounded = std::clamp<Duration>(*longest, 0ns, std::chrono::hours(1));
      timeout.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(bounded).count();
      timeout.tv_nsec = (bounded % 1s).count();
    }
    std::array<epoll_event, 64> events;
    const int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                     longest ? &timeout : nullptr, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
      ready.push_back(
          {event.data.fd, {(event.events & EPOLLIN) != 0 || broken, (event.events & EPOLLOUT) != 0 || broken}});
    }
  }

 private:
  void control(int operation, int fd, Readiness interest) {
    epoll_event event = event_for(fd, interest);
    VJ_ASSERT(::epoll_ctl(epoll_.get(), operation, fd, &event) == 0);
  }

  UniqueFd epoll_;
};

}  // namespace

std::unique_ptr<Poller> make_poller(Backend backend) {
  if (backend == Backend::kPosix) return make_posix_poller();
  return std::make_unique<EpollPoller>();
}

}  // namespace vj::platform
