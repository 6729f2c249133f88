#include "supervision/supervisors.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "platform/process_search.hpp"

extern char** environ;

namespace vj::bench {

Supervisor::Supervisor(const platform::Path& folder, int sleepers) {
  for (int i = 0; i < sleepers; ++i) {
    const auto place = folder / std::to_string(i);
    std::filesystem::create_directories(place);
    rolls_.push_back(std::make_unique<Roll>(place / "fifo"));
  }
}

namespace {

class Floor final : public Supervisor {
 public:
  Floor(const platform::Path& folder, int sleepers)
      : Supervisor(folder, sleepers), wake_(::eventfd(0, EFD_CLOEXEC)), thread_([this] { supervise(); }) {}
  ~Floor() override {
    const std::uint64_t one = 1;
    VJ_ASSERT(::write(wake_, &one, sizeof one) == sizeof one);
    thread_.join();
    ::close(wake_);
  }

  [[nodiscard]] std::string name() const override { return "floor"; }
  [[nodiscard]] std::vector<pid_t> processes() const override { return {}; }

 private:
  struct Child {
    pid_t pid = 0;
    int pidfd = -1;
  };

  void spawn(std::size_t i) {
    std::array<std::string, 3> words{own_program(), kSleeper, rolls_[i]->fifo().string()};
    std::array<char*, 4> argv{words[0].data(), words[1].data(), words[2].data(), nullptr};
    VJ_ASSERT(::posix_spawn(&children_[i].pid, argv[0], nullptr, nullptr, argv.data(), environ) == 0);
    children_[i].pidfd = static_cast<int>(::syscall(SYS_pidfd_open, children_[i].pid, 0));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poller_, EPOLL_CTL_ADD, children_[i].pidfd, &event);
  }

  void supervise() {
    poller_ = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event end{.events = EPOLLIN, .data = {.u64 = kEnd}};
    ::epoll_ctl(poller_, EPOLL_CTL_ADD, wake_, &end);
    children_.resize(size());
    for (std::size_t i = 0; i < size(); ++i) spawn(i);
    epoll_event event{};
    while (::epoll_wait(poller_, &event, 1, -1) != 1 || event.data.u64 != kEnd) {
      Child& gone = children_[event.data.u64];
      ::waitpid(gone.pid, nullptr, 0);
      ::close(gone.pidfd);
      spawn(event.data.u64);
    }
    for (const Child& child : children_) {
      ::kill(child.pid, SIGKILL);
      ::waitpid(child.pid, nullptr, 0);
      ::close(child.pidfd);
    }
    ::close(poller_);
  }

  static constexpr std::uint64_t kEnd = ~std::uint64_t{0};
  int wake_;
  int poller_ = -1;
  std::vector<Child> children_;
  std::thread thread_;
};

// A program with a folder of services, or a configuration, that it is given.
class Program final : public Supervisor {
 public:
  using Prepare =
      std::function<std::vector<std::string>(const platform::Path& folder, const std::vector<platform::Path>& fifos)>;

  Program(std::string name, const platform::Path& folder, int sleepers, const Prepare& prepare)
      : Supervisor(folder, sleepers), name_(std::move(name)) {
    std::vector<platform::Path> fifos;
    for (const auto& roll : rolls_) fifos.push_back(roll->fifo());
    const auto command = prepare(folder, fifos);
    const auto program = platform::find_program(command.front(), "/usr/bin");
    VJ_ASSERT(program);
    auto spawned = platform::spawn({.program = *program,
                                    .arguments = {command.begin() + 1, command.end()},
                                    .environment = {},
                                    .working_folder = {}});
    VJ_ASSERT(spawned);
    process_ = std::move(spawned->handle);
  }

  // None of them ends its services in the same way; killed from above, nobody is started again.
  ~Program() override {
    const auto below = descendants(process_.pid());
    [[maybe_unused]] const auto sent = process_.signal(SIGKILL);
    for (const pid_t pid : below) ::kill(pid, SIGKILL);
    ::waitpid(process_.pid(), nullptr, 0);
  }

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::vector<pid_t> processes() const override {
    std::vector<pid_t> all{process_.pid()};
    for (const pid_t pid : descendants(process_.pid())) {
      if (platform::Path(std::filesystem::read_symlink(format("/proc/{}/exe", pid))) != own_program())
        all.push_back(pid);
    }
    return all;
  }

 private:
  // From above to below.
  static std::vector<pid_t> descendants(pid_t pid) {
    std::vector<pid_t> all;
    std::ifstream children(format("/proc/{0}/task/{0}/children", pid));
    for (pid_t child = 0; children >> child;) {
      all.push_back(child);
      const auto below = descendants(child);
      all.insert(all.end(), below.begin(), below.end());
    }
    return all;
  }

  std::string name_;
  platform::ProcessHandle process_;
};

// A service is a folder with a program `run`: a link to ours, so that no shell stands in between.
std::vector<std::string> service_folder(std::vector<std::string> command, const platform::Path& folder,
                                        const std::vector<platform::Path>& fifos) {
  const auto services = folder / "services";
  std::filesystem::create_directories(services);
  for (std::size_t i = 0; i < fifos.size(); ++i) {
    const auto service = services / std::to_string(i);
    std::filesystem::create_directories(service);
    std::filesystem::create_symlink(own_program(), service / "run");
    std::filesystem::create_symlink(fifos[i], service / "fifo");
    // s6 restarts at once only what has said that it was ready.
    std::ofstream(service / "notification-fd") << kReadinessFd << '\n';
  }
  // runit waits for a second to be over in which the folder has changed.
  std::filesystem::last_write_time(services, std::filesystem::last_write_time(services) - std::chrono::minutes(1));
  command.push_back(services.string());
  return command;
}

std::vector<std::string> supervisord_configuration(const platform::Path& folder,
                                                   const std::vector<platform::Path>& fifos) {
  const auto file = folder / "supervisord.conf";
  std::ofstream config(file);
  config << format("[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile={}/pid\n",
                   folder.string());
  for (std::size_t i = 0; i < fifos.size(); ++i) {
    config << format(
        "[program:sleeper{}]\ncommand={} {} {}\nautorestart=true\nstartsecs=0\nstdout_logfile=/dev/null\n"
        "stderr_logfile=/dev/null\n",
        i, own_program(), kSleeper, fifos[i].string());
  }
  return {"supervisord", "-c", file.string()};
}

bool is_installed(const std::string& program) { return platform::find_program(program, "/usr/bin").has_value(); }

}  // namespace

std::unique_ptr<Supervisor> start_floor(const platform::Path& folder, int sleepers) {
  return std::make_unique<Floor>(folder, sleepers);
}

std::vector<Peer> installed_peers() {
  std::vector<Peer> peers;
  const auto add = [&](const std::string& name, const std::string& program, Program::Prepare prepare) {
    if (!is_installed(program)) return;
    peers.push_back({name, [name, prepare](const platform::Path& folder, int sleepers) -> std::unique_ptr<Supervisor> {
                       return std::make_unique<Program>(name, folder, sleepers, prepare);
                     }});
  };
  add("runit", "runsvdir",
      [](const auto& folder, const auto& fifos) { return service_folder({"runsvdir", "-P"}, folder, fifos); });
  add("s6", "s6-svscan",
      [](const auto& folder, const auto& fifos) { return service_folder({"s6-svscan"}, folder, fifos); });
  add("supervisord", "supervisord", supervisord_configuration);
  return peers;
}

}  // namespace vj::bench
