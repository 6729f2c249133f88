#include "platform/process.hpp"

#include <atomic>
#include <string_view>

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "base/text.hpp"
#include "platform/process_link.hpp"
#include "platform/process_search.hpp"
#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

Path proc_folder(Pid pid) { return Path("/proc") / std::to_string(pid); }

std::atomic<int> subreapers = 0;  // it is the process that is one, whichever of its threads wanted it

class SpawnFileActions {
 public:
  SpawnFileActions() { VJ_ASSERT(::posix_spawn_file_actions_init(&actions_) == 0); }
  ~SpawnFileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnFileActions(const SpawnFileActions&) = delete;
  SpawnFileActions& operator=(const SpawnFileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class SpawnAttributes {
 public:
  SpawnAttributes() {
    VJ_ASSERT(::posix_spawnattr_init(&attributes_) == 0);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  posix_spawnattr_t* get() { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> merged;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (!changes.contains(std::string(text.substr(0, text.find('='))))) merged.emplace_back(text);
  }
  for (const auto& [name, value] : changes) merged.push_back(format("{}={}", name, value));
  return merged;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (auto& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Marks what this process has opened as closed by exec, whoever opened it. Not closed before it, as closefrom would: a
// lock that we hold must not be free for a successor while a child of ours still is what we were, and not yet itself.
bool close_all_on_exec() { return ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0; }

// For a child that nobody could watch: better none than one that nobody knows.
void end_child(Pid child) {
  ::kill(child, SIGKILL);
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED) != 0 && errno == EINTR) {
  }
}

ExitStatus status_of(const siginfo_t& info) { return {info.si_code == CLD_EXITED ? info.si_status : -info.si_status}; }

bool can_be_run(const Path& path) {
  std::error_code hidden;  // a folder of PATH that we may not look into
  return std::filesystem::is_regular_file(path, hidden) && ::access(path.c_str(), X_OK) == 0;
}

// posix_spawn does not tell whether the folder or the program is to blame.
int error_of_entering(const Path& folder) {
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) return errno;
  if (!S_ISDIR(status.st_mode)) return ENOTDIR;
  return ::access(folder.c_str(), X_OK) != 0 ? errno : 0;
}

}  // namespace

Pid own_pid() { return ::getpid(); }

const std::string& boot_id() {
  static const std::string id = [] {
    const auto text = read_file("/proc/sys/kernel/random/boot_id", 128);
    return text ? std::string(trim(*text)) : std::string("unknown");
  }();
  return id;
}

ProcessIdentity own_identity() {
  const auto usage = process_usage(own_pid());
  return {boot_id(), own_pid(), usage ? usage->start_time_ticks : 0};
}

std::optional<ProcessUsage> process_usage(Pid pid) {
  const auto text = read_file(proc_folder(pid) / "stat", 4096);
  if (!text) return std::nullopt;
  // The name stands in parentheses and may hold any character, so the fields are counted from the last one.
  const auto open = text->find('(');
  const auto close = text->rfind(')');
  if (open == std::string::npos || close == std::string::npos || close + 2 >= text->size()) return std::nullopt;
  const auto fields = split(std::string_view(*text).substr(close + 2), ' ');
  if (fields.size() < 22) return std::nullopt;
  // proc(5) counts from 1, and the state is field 3.
  const auto field = [&](std::size_t number) { return parse_integer(trim(fields[number - 3])).value_or(0); };

  static const auto ticks_per_second = ::sysconf(_SC_CLK_TCK);
  static const auto page_size = ::sysconf(_SC_PAGESIZE);
  ProcessUsage usage;
  usage.name = text->substr(open + 1, close - open - 1);
  usage.state = fields[0][0];
  static constexpr std::int64_t kExiting = 0x4;  // PF_EXITING of the kernel
  usage.exiting = (field(9) & kExiting) != 0;
  usage.parent = static_cast<Pid>(field(4));
  usage.group = static_cast<Pid>(field(5));
  usage.cpu_time = std::chrono::nanoseconds((field(14) + field(15)) * (1'000'000'000 / ticks_per_second));
  usage.start_time_ticks = static_cast<std::uint64_t>(field(22));
  usage.rss_bytes = static_cast<std::uint64_t>(field(24) * page_size);
  return usage;
}

ProcessHandle::ProcessHandle() = default;
ProcessHandle::~ProcessHandle() = default;
ProcessHandle::ProcessHandle(ProcessHandle&&) noexcept = default;
ProcessHandle& ProcessHandle::operator=(ProcessHandle&&) noexcept = default;
ProcessHandle::ProcessHandle(std::unique_ptr<ProcessLink> link, Pid pid) : link_(std::move(link)), pid_(pid) {}

Result<ProcessHandle> ProcessHandle::open(const ProcessIdentity& identity, Backend backend) {
  const auto gone = [&] { return fail(ErrorCode::kNotFound, format("process {} is gone", identity.pid)); };
  if (identity.boot_id != boot_id() || identity.pid <= 0) return gone();
  auto handle = open_child(identity.pid, backend);
  if (!handle) return handle;
  const auto usage = process_usage(identity.pid);
  if (!usage || usage->start_time_ticks != identity.start_time_ticks) return gone();
  return handle;
}

Result<ProcessHandle> ProcessHandle::open_child(Pid child, Backend backend) {
  auto link = backend == Backend::kNative ? make_linux_process_link(child) : make_posix_process_link(child);
  if (!link) return std::unexpected(link.error());
  return ProcessHandle(std::move(*link), child);
}

bool ProcessHandle::has_exited() const { return link_->has_exited(); }
Result<void> ProcessHandle::signal(int signal) const { return link_->signal(signal); }
Result<void> ProcessHandle::signal_group(int signal) const { return link_->signal_group(signal); }

bool ProcessHandle::group_is_empty() const {
  const auto probed = signal_group(0);
  if (!probed && probed.error().code == ErrorCode::kNotFound) return true;
  // The kernel counts zombies that nobody reaps, and before Linux 6.9 it cannot be asked once the leader is reaped.
  return group_members(pid_).empty();
}

EventLoop::Watch ProcessHandle::watch_exit(EventLoop& loop, EventLoop::Callback callback) const {
  return link_->watch_exit(loop, std::move(callback));
}

std::optional<ExitStatus> ProcessHandle::observed_exit() const { return link_->observed_exit(); }

Result<SpawnedProcess> spawn(const SpawnRequest& request) {
  SpawnFileActions actions;
  SpawnAttributes attributes;
  ::posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (request.output_fd >= 0) {
    ::posix_spawn_file_actions_adddup2(actions.get(), request.output_fd, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(actions.get(), request.output_fd, STDERR_FILENO);
  } else {
    ::posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  if (request.working_folder) {
    ::posix_spawn_file_actions_addchdir_np(actions.get(), request.working_folder->c_str());
  }
  // Before Linux 5.11.
  if (!close_all_on_exec()) ::posix_spawn_file_actions_addclosefrom_np(actions.get(), STDERR_FILENO + 1);

  std::vector<std::string> arguments{request.program.string()};
  arguments.insert(arguments.end(), request.arguments.begin(), request.arguments.end());
  auto variables = merged_environment(request.environment);

  Pid pid = 0;
  const int error = ::posix_spawn(&pid, request.program.c_str(), actions.get(), attributes.get(),
                                  pointers_to(arguments).data(), pointers_to(variables).data());
  if (error != 0) {
    const std::string what = format("cannot start {}", request.program.string());
    const int folder_error = request.working_folder ? error_of_entering(*request.working_folder) : 0;
    if (folder_error == 0) return system_failure(what, error);
    return system_failure(format("{}: its folder {} cannot be entered", what, request.working_folder->string()),
                          folder_error);
  }

  // Both take a file descriptor, and there may be none left.
  auto handle = ProcessHandle::open_child(pid);
  const auto usage = process_usage(pid);
  if (handle && usage) return SpawnedProcess{std::move(*handle), {boot_id(), pid, usage->start_time_ticks}};
  end_child(pid);
  const std::string what = format("cannot watch {}", request.program.string());
  if (!handle) return fail_with(what, handle.error());
  return fail(ErrorCode::kUnavailable, what + ": nothing is known of its process");
}

std::optional<ExitStatus> reap(Pid child) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0) return std::nullopt;
  return status_of(info);
}

Subreaper::Subreaper() {
  if (subreapers++ == 0) ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

Subreaper::~Subreaper() {
  if (--subreapers == 0) ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

Result<Path> find_program(const std::string& program, const Path& first_folder) {
  if (program.find('/') != std::string::npos) {
    if (can_be_run(program)) return Path(program);
    return fail(ErrorCode::kNotFound, format("there is no program {}", program));
  }
  if (auto beside = first_folder / program; can_be_run(beside)) return beside;
  const auto search_path = environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (const auto folder : split(search_path, ':')) {
    if (auto candidate = Path(folder) / program; can_be_run(candidate)) return candidate;
  }
  return fail(ErrorCode::kNotFound,
              format("there is no program {} in {}, nor on PATH", program, first_folder.string()));
}

}  // namespace vj::platform
