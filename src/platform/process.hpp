// Other processes: who they are, starting them, noticing their end, signalling them. A process is (boot id, pid, start
// time); nothing here signals a bare number.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/event_loop.hpp"
#include "platform/files.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

using Pid = int;

[[nodiscard]] Pid own_pid();
[[nodiscard]] const std::string& boot_id();

// A reader may compare two of these; equal means the same process, not one that got its number again.
struct ProcessIdentity {
  std::string boot_id;
  Pid pid = 0;
  std::uint64_t start_time_ticks = 0;  // field 22 of /proc/PID/stat

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};
[[nodiscard]] ProcessIdentity own_identity();

// What /proc/PID/stat and statm say of a process.
struct ProcessUsage {
  char state = '?';      // R S D T t Z …
  bool exiting = false;  // on its way out: its environment cannot be read any more, its children are still its own
  std::string name;
  Pid parent = 0;
  Pid group = 0;
  std::uint64_t start_time_ticks = 0;
  Duration cpu_time{};  // user and system, since it started
  std::uint64_t rss_bytes = 0;

  friend bool operator==(const ProcessUsage&, const ProcessUsage&) = default;
};
[[nodiscard]] std::optional<ProcessUsage> process_usage(Pid pid);

// How a process ended.
struct ExitStatus {
  int code = 0;  // exit code, or the negative signal number

  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

class ProcessLink;

// A handle on one process: with pidfd it never means another one, whatever happens to the number.
class ProcessHandle {
 public:
  ProcessHandle();
  ~ProcessHandle();
  ProcessHandle(ProcessHandle&&) noexcept;
  ProcessHandle& operator=(ProcessHandle&&) noexcept;

  // Opens first, verifies then: kNotFound where there is no such process (any more) or it is another one.
  [[nodiscard]] static Result<ProcessHandle> open(const ProcessIdentity& identity, Backend backend = Backend::kNative);
  // For a child that was not reaped yet, whose number therefore cannot be another's.
  [[nodiscard]] static Result<ProcessHandle> open_child(Pid child, Backend backend = Backend::kNative);

  [[nodiscard]] Pid pid() const { return pid_; }
  [[nodiscard]] bool has_exited() const;

  // kNotFound when it is gone (a zombie can be signalled, to no effect).
  [[nodiscard]] Result<void> signal(int signal) const;
  // The whole process group that it leads, also after it has exited itself; before Linux 6.9, until it has been reaped
  // (then kInvalid). kNotFound when the group is empty.
  [[nodiscard]] Result<void> signal_group(int signal) const;
  // Whether nobody is left alive in the group that it leads.
  [[nodiscard]] bool group_is_empty() const;

  // Calls `callback` when it has exited, or has already, and then in every turn until the watch ends. One watch at a
  // time; the handle outlives it.
  [[nodiscard]] EventLoop::Watch watch_exit(EventLoop& loop, EventLoop::Callback callback) const;

  // Exit code of a process that need not be our child, where the kernel tells (PIDFD_GET_INFO, after its parent has
  // reaped it).
  [[nodiscard]] std::optional<ExitStatus> observed_exit() const;

  [[nodiscard]] explicit operator bool() const { return link_ != nullptr; }

 private:
  ProcessHandle(std::unique_ptr<ProcessLink> link, Pid pid);
  std::unique_ptr<ProcessLink> link_;
  Pid pid_ = 0;
};

inline constexpr int kStandardError = 2;

struct SpawnRequest {
  Path program;
  std::vector<std::string> arguments;              // without the program's own name
  std::map<std::string, std::string> environment;  // on top of this process's own
  std::optional<Path> working_folder;
  int output_fd = -1;  // standard output and error; -1: /dev/null
};

struct SpawnedProcess {
  ProcessHandle handle;
  ProcessIdentity identity;
};

// Starts it as the leader of a session of its own, with all signals at their defaults and nothing inherited but
// standard input (/dev/null), output and error. Uses posix_spawn, whose cost does not grow with this process.
[[nodiscard]] Result<SpawnedProcess> spawn(const SpawnRequest& request);

// Reaps one child; nothing while it still runs or if it is not our child.
[[nodiscard]] std::optional<ExitStatus> reap(Pid child);

// While one of these lives, orphans below this process become its children, so that it can reap them; without it they
// become init's, who does. Linux only; elsewhere nothing.
class Subreaper {
 public:
  Subreaper();
  ~Subreaper();
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
};

// The file that `program` means: as given where it holds a slash, else the first that can be run in `first_folder`,
// then on PATH. kNotFound names the folder.
[[nodiscard]] Result<Path> find_program(const std::string& program, const Path& first_folder);

}  // namespace vj::platform
