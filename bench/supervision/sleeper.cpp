#include "supervision/sleeper.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "vj_bus/registration.hpp"
#include "wire/names.hpp"

namespace vj::bench {
namespace {

[[noreturn]] void sleep_until_killed(const char* fifo) {
  const int fd = ::open(fifo, O_WRONLY);
  const pid_t pid = ::getpid();
  // Whoever wanted to know has gone: nothing to sleep for.
  if (::write(fd, &pid, sizeof pid) != sizeof pid) std::exit(1);
  ::close(fd);
  while (true) ::pause();
}

[[noreturn]] void beat_until_killed(const char* name) {
  platform::EventLoop loop;
  bus::Registry registry(*platform::environment("VJ_HOME"));
  const bus::Registration registration(
      loop, registry, {.name = name, .status = std::string(wire::status::kRunning)},
      [](const std::string& problem) { std::fprintf(stderr, "%s\n", problem.c_str()); });
  std::exit(loop.run());
}

// Under a lock a file is read and replaced, of which nothing is understood.
[[noreturn]] void replace_until_killed(const platform::Path& folder, std::size_t size) {
  platform::EventLoop loop;
  platform::LockFile lock(folder / "lock");
  const auto file = folder / "file";
  const std::string bytes(size, 'x');
  auto timer = loop.timer([&] {
    const auto hold = lock.try_take();
    const auto before = platform::read_file_unnoted(file);
    VJ_ASSERT(hold && platform::write_file_by_turns(file, bytes, folder / "spare"));
  });
  timer.every(bus::kHeartbeatInterval, bus::kHeartbeatTolerance);
  std::exit(loop.run());
}

}  // namespace

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

void sleep_if_sleeper(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == kSleeper) sleep_until_killed(argv[2]);
  if (argc == 3 && std::string_view(argv[1]) == kBeater) beat_until_killed(argv[2]);
  if (argc == 4 && std::string_view(argv[1]) == kHeartbeatFloor) replace_until_killed(argv[2], std::stoul(argv[3]));
  if (std::filesystem::path(argv[0]).filename() == "run") {
    // Nobody listens there but s6.
    [[maybe_unused]] const auto told = ::write(kReadinessFd, "\n", 1);
    sleep_until_killed("fifo");
  }
}

Roll::Roll(platform::Path fifo) : fifo_(std::move(fifo)) {
  VJ_ASSERT(::mkfifo(fifo_.c_str(), 0600) == 0);
  fd_ = ::open(fifo_.c_str(), O_RDWR | O_CLOEXEC);  // also for writing, so that it never ends
}

Roll::~Roll() { ::close(fd_); }

pid_t Roll::next() const {
  static constexpr int kPatience = 30'000;  // milliseconds
  pollfd entry{fd_, POLLIN, 0};
  pid_t pid = 0;
  if (::poll(&entry, 1, kPatience) != 1 || ::read(fd_, &pid, sizeof pid) != sizeof pid) {
    std::fprintf(stderr, "nobody came to %s within half a minute\n", fifo_.c_str());
    std::exit(1);
  }
  return pid;
}

}  // namespace vj::bench
