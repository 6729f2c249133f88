#include <algorithm>

#include <poll.h>

#include "platform/poller.hpp"

namespace vj::platform {
namespace {

short poll_events(Readiness interest) {
  return static_cast<short>((interest.readable ? POLLIN : 0) | (interest.writable ? POLLOUT : 0));
}

class PosixPoller final : public Poller {
 public:
  void add(int fd, Readiness interest) override { fds_.push_back({fd, poll_events(interest), 0}); }
  void change(int fd, Readiness interest) override { find(fd)->events = poll_events(interest); }
  void remove(int fd) override { fds_.erase(find(fd)); }

  void wait(std::optional<Duration> longest, std::vector<ReadyFd>& ready) override {
    ready.clear();
    // Rounded up: waking a moment before a deadline would spin until it has passed.
    const int timeout = longest ? static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(
                                                       std::clamp<Duration>(*longest, 0ns, std::chrono::hours(1)))
                                                       .count())
                                : -1;
    if (::poll(fds_.data(), static_cast<nfds_t>(fds_.size()), timeout) <= 0) return;
    for (const auto& entry : fds_) {
      if (entry.revents == 0) continue;
      const bool broken = (entry.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
      ready.push_back({entry.fd, {(entry.revents & POLLIN) != 0 || broken, (entry.revents & POLLOUT) != 0 || broken}});
    }
  }

 private:
  std::vector<pollfd>::iterator find(int fd) { return std::ranges::find(fds_, fd, &pollfd::fd); }

  std::vector<pollfd> fds_;
};

}  // namespace

std::unique_ptr<Poller> make_posix_poller() { return std::make_unique<PosixPoller>(); }

}  // namespace vj::platform
