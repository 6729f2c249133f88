// Waits for file descriptors. The event loop's only seam to the system: one way for Linux (epoll) and one for any
// POSIX system (poll).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/time.hpp"

namespace vj::platform {

// What to wait for, and what came. A hang-up or an error is reported as both: the next read or write tells which.
struct Readiness {
  bool readable = false;
  bool writable = false;

  friend bool operator==(const Readiness&, const Readiness&) = default;
};

struct ReadyFd {
  int fd = -1;
  Readiness ready;
};

class Poller {
 public:
  virtual ~Poller() = default;
  virtual void add(int fd, Readiness interest) = 0;  // `fd` is not being watched yet
  virtual void change(int fd, Readiness interest) = 0;
  virtual void remove(int fd) = 0;
  // Waits until something is ready or `longest` has passed (nothing: forever) and replaces `ready`. May return early
  // with nothing.
  virtual void wait(std::optional<Duration> longest, std::vector<ReadyFd>& ready) = 0;
};

enum class Backend {
  kNative,  // the system's best: epoll on Linux
  kPosix,   // what every POSIX system has
};

[[nodiscard]] std::unique_ptr<Poller> make_poller(Backend backend);
[[nodiscard]] std::unique_ptr<Poller> make_posix_poller();

}  // namespace vj::platform
