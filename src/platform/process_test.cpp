#include "platform/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <future>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.hpp"
#include "platform/process_search.hpp"
#include "platform/signals.hpp"
#include "support/left_behind.hpp"
#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

SpawnedProcess start_shell(const std::string& script, int output_fd = -1) {
  auto spawned = spawn({.program = "/bin/sh",
                        .arguments = {"-c", script},
                        .environment = {},
                        .working_folder = {},
                        .output_fd = output_fd});
  REQUIRE(spawned);
  return std::move(*spawned);
}

// The same process by another kind of handle.
ProcessHandle reopened(const SpawnedProcess& process, Backend backend) {
  auto handle = ProcessHandle::open(process.identity, backend);
  REQUIRE(handle);
  return std::move(*handle);
}

ExitStatus wait_for_end(const ProcessHandle& process) {
  EventLoop loop;
  const auto watch = process.watch_exit(loop, [&] { loop.stop(); });
  auto deadline = loop.timer([] { FAIL("did not end"); });
  deadline.after(10s);
  loop.run();
  const auto status = reap(process.pid());
  REQUIRE(status);
  return *status;
}

// Runs it in a thread whose kernel answers as one before 6.9 does: no signal to a group by way of pidfd.
void on_older_linux(const std::function<void()>& body) {
  std::async(std::launch::async, [&] {
    static constexpr auto kFlags = offsetof(seccomp_data, args) + 3 * sizeof(std::uint64_t);
    std::array<sock_filter, 6> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_send_signal, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFlags),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{program.size(), program.data()};
    REQUIRE(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    REQUIRE(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
    body();
  }).get();
}

}  // namespace

TEST_CASE("the end of a child is noticed, with its exit code or the negative signal") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    CHECK(wait_for_end(reopened(start_shell("sleep 0.01; exit 3"), backend)) == ExitStatus{3});
    const auto killed = start_shell("sleep 100 & wait");
    const auto handle = reopened(killed, backend);
    CHECK_FALSE(handle.has_exited());
    REQUIRE(handle.signal_group(signals::kKill));
    CHECK(wait_for_end(handle) == ExitStatus{-9});
    CHECK(handle.has_exited());
    CHECK(handle.signal(signals::kKill).error().code == ErrorCode::kNotFound);
    // The others were killed at the same moment, and go in their own time.
    EventLoop loop;
    for (const Time deadline = EventLoop::clock() + 5s; !handle.group_is_empty() && EventLoop::clock() < deadline;) {
      loop.run_once(1ms);
    }
    CHECK(handle.group_is_empty());
  }
}

TEST_CASE("the end of a process that is not our child is noticed") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    const test::TemporaryFolder folder;
    const auto output = open_for_append(folder.path() / "pid");
    // The shell's own child, which the first process of the machine inherits.
    const auto shell = start_shell("sleep 100 & echo $!", output->get());
    wait_for_end(shell.handle);
    const auto orphan = static_cast<Pid>(parse_integer(trim(read_file(folder.path() / "pid").value())).value());
    const auto handle = reopened({{}, {boot_id(), orphan, process_usage(orphan)->start_time_ticks}}, backend);
    EventLoop loop;
    bool ended = false;
    const auto watch = handle.watch_exit(loop, [&] { ended = true, loop.stop(); });
    auto deadline = loop.timer([&] { loop.stop(); });
    deadline.after(10s);
    CHECK_FALSE(handle.has_exited());
    REQUIRE(handle.signal(signals::kTerminate));
    loop.run();
    CHECK(ended);
    CHECK(handle.has_exited());
  }
}

TEST_CASE("a handle may go while its process still runs") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    const auto child = start_shell("sleep 100");
    {
      EventLoop loop;
      const auto handle = reopened(child, backend);
      const auto watch = handle.watch_exit(loop, [] { FAIL("nothing has ended"); });
      loop.run_once(1ms);
    }
    REQUIRE(child.handle.signal(signals::kKill));
    CHECK(wait_for_end(child.handle) == ExitStatus{-9});
  }
}

TEST_CASE("an end that came before anybody watched for it is noticed") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    const auto child = start_shell("sleep 100");
    const auto handle = reopened(child, backend);
    REQUIRE(handle.signal(signals::kKill));
    wait_for_end(child.handle);
    EventLoop loop;
    const auto watch = handle.watch_exit(loop, [&] { loop.stop(); });
    auto deadline = loop.timer([] { FAIL("was not noticed"); });
    deadline.after(10s);
    loop.run();
  }
}

TEST_CASE("a watch that takes the place of another tells of the end and of nothing else") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    const test::TemporaryFolder folder;
    const auto output = open_for_append(folder.path() / "pid");
    wait_for_end(start_shell("sleep 100 & echo $!", output->get()).handle);
    const auto orphan = static_cast<Pid>(parse_integer(trim(read_file(folder.path() / "pid").value())).value());
    const auto child = start_shell("sleep 100");
    for (const Pid pid : {child.identity.pid, orphan}) {
      const auto handle = reopened({{}, {boot_id(), pid, process_usage(pid)->start_time_ticks}}, backend);
      EventLoop loop;
      bool ended = false;
      handle.watch_exit(loop, [&] { ended = true; }).end();
      const auto watch = handle.watch_exit(loop, [&] { ended = true; });
      loop.run_once(1ms);
      CHECK_FALSE(ended);
      REQUIRE(handle.signal(signals::kKill));
      for (const Time deadline = EventLoop::clock() + 5s; !ended && EventLoop::clock() < deadline;) loop.run_once(1ms);
      CHECK(ended);
    }
    REQUIRE(reap(child.identity.pid));
  }
}

TEST_CASE("a child has its own session, the given folder, environment and output, and nothing else of ours") {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "out.log";
  const auto output = open_for_append(file);
  REQUIRE(output);
  auto spawned =
      spawn({.program = "/bin/sh",
             .arguments = {"-c", "pwd; echo $VJ_TEST; ls /proc/self/fd | wc -l; cut -d' ' -f1,5,6 /proc/$$/stat"},
             .environment = {{"VJ_TEST", "hello"}},
             .working_folder = folder.path(),
             .output_fd = output->get()});
  REQUIRE(spawned);
  const auto pid = std::to_string(spawned->identity.pid);
  wait_for_end(spawned->handle);
  // 0, 1, 2 and the folder that ls reads.
  CHECK(read_file(file) == folder.path().string() + "\nhello\n4\n" + pid + " " + pid + " " + pid + "\n");
}

TEST_CASE("a program that cannot be started says why") {
  const auto spawned = spawn({.program = "/no/such/program", .arguments = {}, .environment = {}, .working_folder = {}});
  CHECK(spawned.error() == Error{ErrorCode::kNotFound, "cannot start /no/such/program: No such file or directory"});
}

TEST_CASE("a folder that a program cannot run in is blamed instead of the program") {
  const auto start_in = [](const char* folder) {
    return spawn({.program = "/bin/sh", .arguments = {}, .environment = {}, .working_folder = folder}).error();
  };
  CHECK(start_in("/no/such") ==
        Error{ErrorCode::kNotFound,
              "cannot start /bin/sh: its folder /no/such cannot be entered: No such file or directory"});
  CHECK(start_in("/dev/null").message ==
        "cannot start /bin/sh: its folder /dev/null cannot be entered: Not a directory");
}

TEST_CASE("a handle opened with another start time or boot is refused") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    const auto child = start_shell("sleep 100");
    auto recycled = child.identity;
    recycled.start_time_ticks -= 1;
    CHECK(ProcessHandle::open(recycled, backend).error().code == ErrorCode::kNotFound);
    auto other_boot = child.identity;
    other_boot.boot_id = "another";
    CHECK(ProcessHandle::open(other_boot, backend).error().code == ErrorCode::kNotFound);
    REQUIRE(reopened(child, backend).signal(signals::kKill));
    CHECK(wait_for_end(child.handle) == ExitStatus{-9});
    CHECK(ProcessHandle::open(child.identity, backend).error().code == ErrorCode::kNotFound);
  }
}

TEST_CASE("a signal to the group reaches those that outlive its leader") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    // The leader exits at once; its child sleeps on in the same group.
    const auto leader = start_shell("sleep 100 &");
    const auto handle = reopened(leader, backend);
    EventLoop loop;
    const auto watch = handle.watch_exit(loop, [&] { loop.stop(); });
    loop.run();
    CHECK_FALSE(handle.group_is_empty());
    REQUIRE(handle.signal_group(signals::kKill));
    REQUIRE(reap(leader.identity.pid));
  }
}

TEST_CASE("where the kernel cannot signal a group by pidfd, it is signalled by number until its leader is reaped") {
  on_older_linux([] {
    for (const bool is_reaped : {false, true}) {
      const auto leader = start_shell("sleep 100 &");
      EventLoop loop;
      const auto exit = leader.handle.watch_exit(loop, [&] { loop.stop(); });
      loop.run();
      const auto left = group_members(leader.identity.pid);
      REQUIRE(left.size() == 1);
      const auto sleeper = ProcessHandle::open(left.front());
      REQUIRE(sleeper);
      if (is_reaped) REQUIRE(reap(leader.identity.pid));
      // Once it has been reaped the number may be another's.
      CHECK(leader.handle.signal_group(signals::kKill).has_value() == !is_reaped);
      if (is_reaped) {
        CHECK_FALSE(leader.handle.group_is_empty());
        REQUIRE(sleeper->signal(signals::kKill));
      }
      EventLoop other;
      const auto end = sleeper->watch_exit(other, [&] { other.stop(); });
      auto deadline = other.timer([] { FAIL("the sleeper goes on"); });
      deadline.after(10s);
      other.run();
      if (!is_reaped) REQUIRE(reap(leader.identity.pid));
    }
  });
}

TEST_CASE("processes are found by name and by what their environment holds") {
  const std::string token = "test-" + std::to_string(own_pid());
  auto spawned = spawn(
      {.program = "/bin/sleep", .arguments = {"100"}, .environment = {{"VJ_TEST_TOKEN", token}}, .working_folder = {}});
  REQUIRE(spawned);
  // The kernel lets the parent go on a moment before the child's new environment can be read.
  const std::vector expected{spawned->identity};
  EventLoop loop;
  for (const Time deadline = EventLoop::clock() + 5s;
       processes_with_environment("VJ_TEST_TOKEN", token) != expected && EventLoop::clock() < deadline;) {
    loop.run_once(1ms);
  }
  CHECK(processes_with_environment("VJ_TEST_TOKEN", token) == expected);
  CHECK(processes_with_environment("VJ_TEST_TOKEN", token + "-other").empty());
  for (const auto* name : {"sleep", "SLEEP"}) {
    const auto named = processes_named(name);  // others sleep here, too
    CHECK(std::find(named.begin(), named.end(), spawned->identity) != named.end());
  }
  REQUIRE(spawned->handle.signal(signals::kKill));
  wait_for_end(spawned->handle);
}

TEST_CASE("descendants are found also where they have a session of their own and an empty environment") {
  const auto shell = start_shell("env -i setsid sh -c 'sleep 100; :' & wait");
  EventLoop loop;
  std::vector<ProcessIdentity> family;
  for (const Time deadline = EventLoop::clock() + 5s; family.size() != 2 && EventLoop::clock() < deadline;) {
    loop.run_once(1ms);
    family = descendants_of(shell.identity);
  }
  REQUIRE(family.size() == 2);
  CHECK(process_usage(family[1].pid)->parent == family[0].pid);
  auto another = shell.identity;
  another.start_time_ticks -= 1;
  CHECK(descendants_of(another).empty());
  for (const auto& each : family) REQUIRE(ProcessHandle::open(each)->signal(signals::kKill));
  wait_for_end(shell.handle);
  CHECK(descendants_of(shell.identity).empty());
}

TEST_CASE("what others run under a name is not found by it") {
  if (::geteuid() != 0) {  // then the first process is root's
    const auto first = process_usage(1);
    REQUIRE(first);
    CHECK(std::ranges::count(processes_named(first->name), 1, &ProcessIdentity::pid) == 0);
    return;
  }
  auto others = spawn({.program = "/usr/bin/setpriv",
                       .arguments = {"--reuid=65534", "--clear-groups", "sleep", "100"},
                       .environment = {},
                       .working_folder = {}});
  REQUIRE(others);
  EventLoop loop;
  const auto name = [&] { return process_usage(others->identity.pid).value_or(ProcessUsage{}).name; };
  for (const Time deadline = EventLoop::clock() + 5s; name() != "sleep" && EventLoop::clock() < deadline;) {
    loop.run_once(1ms);
  }
  REQUIRE(name() == "sleep");
  CHECK(std::ranges::count(processes_named("sleep"), others->identity) == 0);
  REQUIRE(others->handle.signal(signals::kKill));
  wait_for_end(others->handle);
}

TEST_CASE("a process adopts orphans for as long as somebody in it wants them") {
  const auto adopts_orphans = [] {
    int is_subreaper = 0;
    REQUIRE(::prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper, 0, 0, 0) == 0);
    return is_subreaper != 0;
  };
  CHECK_FALSE(adopts_orphans());
  {
    const Subreaper one;
    {
      const Subreaper another;
      CHECK(adopts_orphans());
    }
    CHECK(adopts_orphans());
  }
  CHECK_FALSE(adopts_orphans());
}

TEST_CASE("a program is looked up beside ours, then on PATH, and what was tried is told") {
  CHECK(find_program("sh", "/nowhere")->filename() == "sh");
  CHECK(find_program("/bin/sh", "/nowhere") == Path("/bin/sh"));
  const auto missing = find_program("no_such_program", "/nowhere");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("/nowhere, nor on PATH") != std::string::npos);
}

TEST_CASE("a folder that cannot be looked into holds no program") {
  const test::TemporaryFolder folder;
  const Path loop = folder.path() / "loop";
  std::filesystem::create_symlink(loop, loop);
  CHECK(find_program("sh", loop)->filename() == "sh");
  CHECK_FALSE(find_program((loop / "sh").string(), "/nowhere"));
}

TEST_CASE("the usage of this process is known") {
  const auto usage = process_usage(own_pid());
  REQUIRE(usage);
  CHECK(usage->rss_bytes > 100'000);
  CHECK(usage->start_time_ticks == own_identity().start_time_ticks);
  CHECK(process_usage(1 << 30) == std::nullopt);
}

TEST_CASE("a child that cannot be watched for want of file descriptors is ended, and the start has failed") {
  REQUIRE_FALSE(boot_id().empty());  // read once, while files can be opened
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const auto first_free = static_cast<rlim_t>(UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)).get());
  const rlimit none_left{first_free, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none_left) == 0);
  const auto spawned = spawn({.program = "/bin/sleep", .arguments = {"100"}, .environment = {}, .working_folder = {}});
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE_FALSE(spawned);
  CHECK(spawned.error().message.starts_with("cannot watch /bin/sleep: "));
  CHECK(spawned.error().message.ends_with("Too many open files"));
  CHECK(child_processes().empty());
}
