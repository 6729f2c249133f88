// From kill -9 of a worker until its replacement is in main: the process manager without backoff, beside the least that
// a supervisor can do, which is posix_spawn after a pidfd in an epoll. Then what the process manager costs while idle.
#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "measure/table.hpp"
#include "platform/process.hpp"
#include "support/temporary_folder.hpp"
#include "vj_bus/client.hpp"
#include "wire/names.hpp"

extern char** environ;

namespace {

using namespace vj;

constexpr const char* kSleeper = "--sleeper";
constexpr int kRounds = 200;

// What is supervised: it tells its pid as soon as it is in main, and waits for its end.
int sleep_until_killed(const char* fifo) {
  const int fd = ::open(fifo, O_WRONLY);
  const pid_t pid = ::getpid();
  VJ_ASSERT(::write(fd, &pid, sizeof pid) == sizeof pid);
  while (true) ::pause();
}

// Where sleepers report.
class Roll {
 public:
  explicit Roll(const platform::Path& path) : path_(path) {
    VJ_ASSERT(::mkfifo(path.c_str(), 0600) == 0);
    fd_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  }
  ~Roll() { ::close(fd_); }
  Roll(const Roll&) = delete;
  Roll& operator=(const Roll&) = delete;

  [[nodiscard]] pid_t next() const {
    pid_t pid = 0;
    VJ_ASSERT(::read(fd_, &pid, sizeof pid) == sizeof pid);
    return pid;
  }
  [[nodiscard]] const platform::Path& path() const { return path_; }

 private:
  platform::Path path_;
  int fd_ = -1;
};

// The floor: on a thread of its own, because a supervisor is not the one who kills.
class Floor {
 public:
  Floor(const std::string& program, const Roll& roll)
      : arguments_{program, kSleeper, roll.path().string()}, thread_([this] { supervise(); }) {}
  ~Floor() {
    done_ = true;
    ::kill(pid_, SIGKILL);
    thread_.join();
  }

 private:
  void supervise() {
    const int poller = ::epoll_create1(EPOLL_CLOEXEC);
    while (!done_) {
      std::array<char*, 4> argv{arguments_[0].data(), arguments_[1].data(), arguments_[2].data(), nullptr};
      pid_t pid = 0;
      VJ_ASSERT(::posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ) == 0);
      pid_ = pid;
      const int child = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
      epoll_event event{.events = EPOLLIN, .data = {}};
      ::epoll_ctl(poller, EPOLL_CTL_ADD, child, &event);
      while (::epoll_wait(poller, &event, 1, -1) != 1) {
      }
      ::waitpid(pid, nullptr, 0);
      ::close(child);
    }
    ::close(poller);
  }

  std::array<std::string, 3> arguments_;
  std::atomic<bool> done_ = false;
  std::atomic<pid_t> pid_ = 0;
  std::thread thread_;
};

// The process manager itself, with the sleeper as its only worker.
class Daemon {
 public:
  Daemon(const platform::Path& home, const std::string& program, const Roll& roll) : home_(home) {
    std::ofstream(home / "config.toml") << format(
        "[bus]\nbase_command_port = 30400\nbase_telemetry_port = 30420\n"
        "[process_manager]\nbase_backoff = 0.0\nmax_backoff = 0.0\nmax_restarts = 1000\n"
        "[[worker]]\nname = \"sleeper\"\nkind = \"app\"\nstop_on_quit = true\ncommand = [\"{}\", \"{}\", \"{}\"]\n",
        program, kSleeper, roll.path().string());
    auto spawned = platform::spawn(
        {.program = VJ_DAEMON, .arguments = {"--home", home.string()}, .environment = {}, .working_folder = {}});
    VJ_ASSERT(spawned);
    process_ = std::move(spawned->handle);
    // It answers once it is registered.
    const auto payload = wire::Value::object({{"worker", "sleeper"}});
    while (!bus::ask(home_, "bench", wire::service::kProcessManager, wire::command::kStartWorker, payload, 5s)) {
    }
  }
  ~Daemon() {
    [[maybe_unused]] const auto sent = process_.signal(SIGTERM);
    ::waitpid(process_.pid(), nullptr, 0);
  }

  [[nodiscard]] platform::ProcessUsage usage() const { return *platform::process_usage(process_.pid()); }
  // Nanoseconds on a processor, finer than the ticks of process_usage.
  [[nodiscard]] double processor_time() const {
    double nanoseconds = 0;
    std::ifstream(format("/proc/{}/schedstat", process_.pid())) >> nanoseconds;
    return nanoseconds;
  }

 private:
  platform::Path home_;
  platform::ProcessHandle process_;
};

class Replaced {
 public:
  explicit Replaced(const Roll& roll) : roll_(roll), pid_(roll.next()) {}
  void operator()() {
    ::kill(pid_, SIGKILL);
    pid_ = roll_.next();
  }

 private:
  const Roll& roll_;
  pid_t pid_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == kSleeper) return sleep_until_killed(argv[2]);
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const test::TemporaryFolder folder;
  const Roll our_roll(folder.path() / "ours");
  const Roll floor_roll(folder.path() / "floor");
  const Daemon daemon(folder.path(), self, our_roll);
  const Floor floor(self, floor_roll);

  bench::print_header();
  bench::print_row("kill -9 until the replacement is in main",
                   bench::in_turns(kRounds, 1, Replaced(our_roll), Replaced(floor_roll)));

  constexpr Duration kIdle = 20s;
  const double before = daemon.processor_time();
  platform::EventLoop().run_once(kIdle);
  std::printf("\nidle: %.3f ms/s of a processor, %.1f MB resident\n",
              (daemon.processor_time() - before) / 1e6 / to_seconds(kIdle),
              static_cast<double>(daemon.usage().rss_bytes) / 1e6);
  return 0;
}
