#include "platform/tty.hpp"

#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "base/time.hpp"

namespace vj::platform {
namespace {

constexpr std::string_view kGreeting = "\x1b[?1049h";
constexpr std::string_view kFarewell = "\x1b[?1049l";

// A program of our own in a terminal of its own; what it wrote, how it ended, and the terminal's modes afterwards.
struct Run {
  std::string output;
  int status = 0;
  bool modes_are_as_before = false;
};

bool same_modes(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag && a.c_lflag == b.c_lflag &&
         std::memcmp(a.c_cc, b.c_cc, sizeof a.c_cc) == 0;
}

Run run_in_terminal(const std::function<void(Tty&)>& program, Duration unread_for = {}) {
  int master = -1, slave = -1;
  winsize size{.ws_row = 20, .ws_col = 60, .ws_xpixel = 0, .ws_ypixel = 0};
  REQUIRE(::openpty(&master, &slave, nullptr, nullptr, &size) == 0);
  termios before{}, after{};
  ::tcgetattr(slave, &before);
  std::cout.flush();  // or the child would write it once more
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(master);
    ::login_tty(slave);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    for (const int signal : {SIGSEGV, SIGABRT}) ::signal(signal, SIG_DFL);  // not doctest's
    {
      auto tty = Tty::open();
      if (!tty || !tty->enter(kGreeting, kFarewell)) ::_exit(99);
      program(*tty);
    }
    ::_exit(7);
  }
  Run run;
  ::poll(nullptr, 0, static_cast<int>(to_seconds(unread_for) * 1000));  // somebody who looks away
  for (;;) {  // the slave stays open here, so the end is told by the child, not by the terminal
    pollfd ready{master, POLLIN, 0};
    if (::poll(&ready, 1, 20) > 0) {
      char bytes[256];
      const ssize_t count = ::read(master, bytes, sizeof bytes);
      if (count > 0) run.output.append(bytes, static_cast<std::size_t>(count));
    } else if (::waitpid(child, &run.status, WNOHANG) == child) {
      break;
    }
  }
  ::tcgetattr(slave, &after);
  run.modes_are_as_before = same_modes(before, after);
  ::close(master);
  ::close(slave);
  return run;
}

void check_given_back(const Run& run) {
  CHECK(run.output.starts_with(kGreeting));
  CHECK(run.output.ends_with(kFarewell));
  CHECK(run.modes_are_as_before);
}

TEST_CASE("the terminal is given back on return") {
  const Run run = run_in_terminal([](Tty&) {});
  check_given_back(run);
  CHECK(WEXITSTATUS(run.status) == 7);
}

TEST_CASE("the terminal is given back once, however often it is left") {
  const Run run = run_in_terminal([](Tty& tty) {
    tty.leave();
    tty.leave();
  });
  CHECK(run.output == std::string(kGreeting) + std::string(kFarewell));
}

TEST_CASE("the terminal is given back by exit()") {
  const Run run = run_in_terminal([](Tty&) { std::exit(3); });
  check_given_back(run);
  CHECK(WEXITSTATUS(run.status) == 3);
}

TEST_CASE("the terminal is given back on a crash, which still looks like one") {
  const Run segfault = run_in_terminal([](Tty&) { ::raise(SIGSEGV); });
  check_given_back(segfault);
  CHECK(WTERMSIG(segfault.status) == SIGSEGV);
  const Run aborted = run_in_terminal([](Tty&) { std::abort(); });
  check_given_back(aborted);
  CHECK(WTERMSIG(aborted.status) == SIGABRT);
}

TEST_CASE("the terminal is given back on an exception that nobody catches") {
  const Run run =
      run_in_terminal([](Tty&) { std::thread([] { throw std::runtime_error("nobody catches this"); }).join(); });
  CHECK(run.output.find(kFarewell) != std::string::npos);
  CHECK(run.modes_are_as_before);
  CHECK(WTERMSIG(run.status) == SIGABRT);
}

TEST_CASE(
    "a terminal that is slow to take a frame is given back all the same, and one that takes nothing holds nobody up") {
  const auto fill_and_leave = [](Tty& tty) {
    const std::string line(1000, 'x');
    while (tty.write(line) == line.size()) {
    }
  };
  check_given_back(run_in_terminal(fill_and_leave, 50ms));
  const Run stuck = run_in_terminal(fill_and_leave, 1500ms);
  CHECK(WEXITSTATUS(stuck.status) == 7);
  CHECK(stuck.modes_are_as_before);
}

TEST_CASE("the size is the terminal's") {
  const Run run = run_in_terminal([](Tty& tty) {
    if (tty.size() != TtySize{60, 20}) ::_exit(1);
  });
  CHECK(WEXITSTATUS(run.status) == 7);
}

TEST_CASE("reading and writing never block, and leave the shell's descriptors blocking") {
  const Run run = run_in_terminal([](Tty& tty) {
    if (tty.read() != std::string()) ::_exit(1);
    if ((::fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK) != 0) ::_exit(2);
    if (tty.write("x") != std::size_t{1}) ::_exit(3);
  });
  CHECK(WEXITSTATUS(run.status) == 7);
}

}  // namespace
}  // namespace vj::platform
