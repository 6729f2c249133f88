#include "platform/tty.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

// What a signal handler needs in order to give the terminal back. A handler can be handed nothing, so this is the one
// mutable global of the project. `entered` is set last and cleared by whoever gives the terminal back, once.
struct Restore {
  std::atomic<bool> entered = false;
  int fd = -1;
  termios modes{};
  std::array<char, 256> farewell{};
  std::size_t farewell_size = 0;
};
constinit Restore g_restore;

constexpr int kOneWait = 50, kLongestFarewell = 1000;  // milliseconds

constexpr std::array kFatalSignals = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGTRAP};

// Async-signal-safe.
void give_back() {
  if (!g_restore.entered.exchange(false)) return;
  // A process in the background would be stopped for touching the terminal.
  sigset_t background, before;
  sigemptyset(&background);
  sigaddset(&background, SIGTTOU);
  ::pthread_sigmask(SIG_BLOCK, &background, &before);
  const char* rest = g_restore.farewell.data();
  std::size_t size = g_restore.farewell_size;
  // A terminal that is slow, and full of our last frame, is waited for; one that is stuck only so long: a process that
  // cannot die is worse.
  int waits = kLongestFarewell / kOneWait;
  while (size > 0) {
    const ssize_t written = ::write(g_restore.fd, rest, size);
    if (written > 0) {
      rest += written;
      size -= static_cast<std::size_t>(written);
    } else if (written < 0 && errno == EAGAIN && waits-- > 0) {
      pollfd entry{g_restore.fd, POLLOUT, 0};
      ::poll(&entry, 1, kOneWait);
    } else if (written == 0 || errno != EINTR) {
      break;
    }
  }
  // TCSADRAIN would wait for a terminal that is stuck (^S), TCSAFLUSH throw away what was typed for the shell.
  ::tcsetattr(g_restore.fd, TCSANOW, &g_restore.modes);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void on_fatal_signal(int signal) {
  const int saved = errno;
  give_back();
  errno = saved;
  ::raise(signal);  // with the default action by now (SA_RESETHAND): core dump and status are the true ones
}

// The handler runs on a stack of its own, because an overflown stack is one of the ways to come here.
void watch_fatal_signals() {
  static std::array<char, 16 * 1024> stack;
  stack_t alternative{};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  ::sigaltstack(&alternative, nullptr);
  for (const int signal : kFatalSignals) {
    struct sigaction action{};
    action.sa_handler = on_fatal_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
    ::sigaction(signal, &action, nullptr);
  }
  static const bool registered = std::atexit(give_back) == 0;
  (void)registered;
}

UniqueFd open_terminal() {
  constexpr int kFlags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
  std::array<char, 256> name{};
  if (::ttyname_r(STDOUT_FILENO, name.data(), name.size()) == 0) {
    if (UniqueFd fd(::open(name.data(), kFlags)); fd) return fd;
  }
  // After `su` the terminal's own name may be somebody else's; this name always works.
  return UniqueFd(::open("/dev/tty", kFlags));
}

}  // namespace

bool standard_output_is_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

Result<Tty> Tty::open() {
  if (::isatty(STDIN_FILENO) == 0) return fail(ErrorCode::kUnavailable, "standard input is not a terminal");
  if (!standard_output_is_terminal()) return fail(ErrorCode::kUnavailable, "standard output is not a terminal");
  UniqueFd fd = open_terminal();
  if (!fd) return system_failure("cannot open the terminal");
  return Tty(std::move(fd));
}

Tty::~Tty() {
  if (fd_) leave();
}

TtySize Tty::size() const {
  winsize size{};
  const bool known = ::ioctl(fd_.get(), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
  return known ? TtySize{size.ws_col, size.ws_row} : TtySize{80, 24};
}

Result<void> Tty::enter(std::string_view greeting, std::string_view farewell) {
  leave();
  if (::tcgetattr(fd_.get(), &g_restore.modes) != 0) return system_failure("cannot read the terminal's modes");
  g_restore.fd = fd_.get();
  g_restore.farewell_size = std::min(farewell.size(), g_restore.farewell.size());
  std::copy_n(farewell.begin(), g_restore.farewell_size, g_restore.farewell.begin());
  watch_fatal_signals();
  g_restore.entered = true;

  termios raw = g_restore.modes;
  raw.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON | PARMRK | INPCK);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (::tcsetattr(fd_.get(), TCSANOW, &raw) != 0) return system_failure("cannot set the terminal's modes");
  const auto greeted = write(greeting);
  if (!greeted) return std::unexpected(greeted.error());
  return {};
}

void Tty::leave() { give_back(); }

void Tty::suspend() {
  leave();
  ::raise(SIGSTOP);
}

Result<std::string> Tty::read() {
  std::string typed(1024, '\0');
  const ssize_t count = ::read(fd_.get(), typed.data(), typed.size());
  if (count == 0) return fail(ErrorCode::kUnavailable, "the terminal was closed");
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return std::string();
    return system_failure("cannot read from the terminal");
  }
  typed.resize(static_cast<std::size_t>(count));
  return typed;
}

Result<std::size_t> Tty::write(std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(fd_.get(), bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) return system_failure("cannot write to the terminal");
    written += static_cast<std::size_t>(count);
  }
  return written;
}

}  // namespace vj::platform
