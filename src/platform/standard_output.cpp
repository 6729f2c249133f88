#include "platform/standard_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

bool can_lose_its_reader(int fd) {
  struct stat status{};
  return ::fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool has_lost_its_reader(int fd) {
  pollfd entry{.fd = fd, .events = 0, .revents = 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

void reserve_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest number that is free, which is this one. Not to be written to, so that what is written is still lost.
    if (::open("/dev/null", O_RDONLY) != fd) return;
  }
}

bool StandardOutput::print(std::string_view text) {
  while (!text.empty() && !is_over_) {
    const auto count = ::write(fd_, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {  // somebody else made it so
      pollfd entry{.fd = fd_, .events = POLLOUT, .revents = 0};
      ::poll(&entry, 1, -1);
    } else if (errno != EINTR) {
      is_over_ = true;
      if (errno != EPIPE) loss_ = system_failure("cannot write to standard output").error();
    }
  }
  return !is_over_;
}

EventLoop::Watch StandardOutput::watch_reader(EventLoop& loop, EventLoop::Callback gone) const {
  if (!can_lose_its_reader(fd_)) return {};
  // Nothing is asked for: that something is wrong is told unasked.
  return loop.watch(fd_, {}, [fd = fd_, gone = std::move(gone)](Readiness) {
    if (has_lost_its_reader(fd)) gone();
  });
}

}  // namespace vj::platform
