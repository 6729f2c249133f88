// The self-pipe trick (D. J. Bernstein): a handler may do little but write, so it writes the signal's number to a pipe.
#include <array>
#include <atomic>
#include <cerrno>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "platform/signal_inbox.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {
namespace {

// Where the handler writes each signal, plus one; zero is nowhere. A handler is given nothing but the number, so this
// is global as the handlers themselves are.
constinit std::array<std::atomic<int>, 65> pipe_of_signal{};
constinit std::atomic<int> handlers_running = 0;  // on whichever threads
static_assert(std::atomic<int>::is_always_lock_free);

void write_to_pipe(int signal) {
  const int saved = errno;
  ++handlers_running;
  const int fd = pipe_of_signal[static_cast<std::size_t>(signal)] - 1;
  const auto number = static_cast<unsigned char>(signal);
  // A full pipe holds what will wake the reader; the same signal twice may come once.
  if (fd >= 0) [[maybe_unused]]
    const auto written = ::write(fd, &number, 1);
  --handlers_running;
  errno = saved;
}

class PosixSignalInbox final : public SignalInbox {
 public:
  explicit PosixSignalInbox(const std::vector<int>& signals) {
    int ends[2];
    VJ_ASSERT(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    read_end_ = UniqueFd(ends[0]);
    write_end_ = UniqueFd(ends[1]);
    for (const int signal : signals) listen(signal);
  }

  ~PosixSignalInbox() override {
    for (const auto& [signal, before] : before_) {
      ::sigaction(signal, &before, nullptr);
      pipe_of_signal[static_cast<std::size_t>(signal)] = 0;
    }
    // One on another thread may still hold the number of the pipe, which could become another file's once it is closed.
    while (handlers_running != 0) std::this_thread::yield();
  }

  [[nodiscard]] int fd() const override { return read_end_.get(); }

  [[nodiscard]] std::optional<int> next() override {
    unsigned char number = 0;
    if (::read(read_end_.get(), &number, 1) != 1) return std::nullopt;
    return number;
  }

 private:
  void listen(int signal) {
    auto& pipe = pipe_of_signal.at(static_cast<std::size_t>(signal));
    VJ_ASSERT(pipe == 0);  // one inbox a signal
    pipe = write_end_.get() + 1;
    struct sigaction action{};
    action.sa_handler = write_to_pipe;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    auto& [number, before] = before_.emplace_back(signal, action);
    ::sigaction(signal, &action, &before);
  }

  UniqueFd read_end_, write_end_;
  std::vector<std::pair<int, struct sigaction>> before_;
};

}  // namespace

std::unique_ptr<SignalInbox> make_posix_signal_inbox(const std::vector<int>& signals) {
  return std::make_unique<PosixSignalInbox>(signals);
}

}  // namespace vj::platform
