#include "platform/process_search.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.hpp"

namespace vj::platform {
namespace {

std::optional<Pid> pid_of(std::string_view name) {
  const auto number = parse_integer(name);
  if (!number || *number <= 0) return std::nullopt;
  return static_cast<Pid>(*number);
}

template <class Accept>
std::vector<ProcessIdentity> processes_where(Accept accept) {
  std::vector<ProcessIdentity> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const auto pid = pid_of(entry.path().filename().string());
    if (!pid) continue;
    const auto usage = process_usage(*pid);
    if (usage && usage->state != 'Z' && usage->state != 'X' && accept(*pid, *usage)) {
      found.push_back({boot_id(), *pid, usage->start_time_ticks});
    }
  }
  return found;
}

// By the real user, who may signal it whatever it has become since.
bool is_of_this_user(Pid pid) {
  static constexpr std::string_view kField = "\nUid:\t";
  const auto status = read_file(Path("/proc") / std::to_string(pid) / "status");
  const auto at = status ? status->find(kField) : std::string::npos;
  if (at == std::string::npos) return false;
  const auto line = std::string_view(*status).substr(at + kField.size());
  return parse_integer(line.substr(0, line.find('\t'))) == static_cast<std::int64_t>(::geteuid());
}

}  // namespace

std::vector<ProcessIdentity> processes_with_environment(const std::string& name, const std::string& value) {
  return processes_where([&](Pid pid, const ProcessUsage&) { return environment_of(pid, name) == value; });
}

std::optional<std::string> environment_of(Pid pid, const std::string& name) {
  const auto environment = read_file(Path("/proc") / std::to_string(pid) / "environ");
  if (!environment) return std::nullopt;
  for (const auto variable : split(*environment, '\0')) {
    if (variable.size() > name.size() && variable.starts_with(name) && variable[name.size()] == '=') {
      return std::string(variable.substr(name.size() + 1));
    }
  }
  return std::nullopt;
}

std::vector<ProcessIdentity> processes_named(const std::string& name) {
  // comm holds 15 bytes; the longer name stands in the command line.
  static constexpr std::size_t kLongestComm = 15;
  return processes_where([&](Pid pid, const ProcessUsage& usage) {
    if (equal_ignoring_case(usage.name, name)) return is_of_this_user(pid);
    if (name.size() <= kLongestComm || !equal_ignoring_case(usage.name, name.substr(0, kLongestComm))) return false;
    const auto command = read_file(Path("/proc") / std::to_string(pid) / "cmdline");
    return command && is_of_this_user(pid) &&
           equal_ignoring_case(Path(command->substr(0, command->find('\0'))).filename().string(), name);
  });
}

std::vector<ProcessIdentity> group_members(Pid group) {
  return processes_where([&](Pid, const ProcessUsage& usage) { return usage.group == group; });
}

std::vector<Pid> child_processes() {
  std::vector<Pid> children;
  std::error_code error;
  // Each thread has a list of its own: children belong to the thread that made them.
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
    const auto list = read_file(thread.path() / "children");
    if (!list) continue;
    for (const auto word : split(*list, ' ')) {
      if (const auto pid = pid_of(trim(word))) children.push_back(*pid);
    }
  }
  return children;
}

bool is_running(const ProcessIdentity& process) {
  const auto usage = process_usage(process.pid);
  return usage && usage->start_time_ticks == process.start_time_ticks && usage->state != 'Z' && usage->state != 'X';
}

// By the parent that each names: the kernel's list of the children of a process leaves some out while others end.
std::vector<ProcessIdentity> descendants_of(const ProcessIdentity& ancestor) {
  std::multimap<Pid, ProcessIdentity> by_parent;
  for (auto& process : processes_where([&](Pid, const ProcessUsage&) { return true; })) {
    if (const auto usage = process_usage(process.pid)) by_parent.emplace(usage->parent, std::move(process));
  }
  std::vector<ProcessIdentity> family{ancestor};
  for (std::size_t i = 0; i < family.size(); ++i) {
    const ProcessIdentity parent = family[i];
    std::vector<ProcessIdentity> children;
    for (auto [child, end] = by_parent.equal_range(parent.pid); child != end; ++child) {
      const auto& process = child->second;
      const auto usage = process_usage(process.pid);
      const bool is_its_child = usage && usage->parent == parent.pid && is_running(process);
      if (is_its_child && is_of_this_user(process.pid)) children.push_back(process);
    }
    // As it has not gone, the number was its own all the while, and they are its children.
    if (is_running(parent)) family.insert(family.end(), children.begin(), children.end());
  }
  family.erase(family.begin());
  return family;
}

std::vector<Pid> exited_children() {
  siginfo_t any{};
  if (::waitid(P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT) != 0 || any.si_pid == 0) return {};
  auto children = child_processes();
  std::erase_if(children, [](Pid child) {
    siginfo_t info{};
    const auto id = static_cast<id_t>(child);
    return ::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0;
  });
  return children;
}

Duration age_of(const ProcessUsage& usage) {
  static const auto ticks_per_second = ::sysconf(_SC_CLK_TCK);
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const Duration since_boot = std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  const auto ticks = static_cast<std::int64_t>(usage.start_time_ticks);
  return std::max<Duration>(0ns, since_boot - std::chrono::nanoseconds(ticks * (1'000'000'000 / ticks_per_second)));
}

}  // namespace vj::platform
