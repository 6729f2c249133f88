#include "supervisor_host/owned_process.hpp"

#include <algorithm>

#include "platform/process_search.hpp"
#include "platform/signals.hpp"
#include "vj_bus/spawn_token.hpp"

namespace vj::supervisor_host {

namespace {

// The exit code of somebody else's child can be read once its parent has reaped it.
constexpr Duration kCodeInterval = 100ms;
constexpr int kCodeLooks = 50;

bool leads_its_group(platform::Pid pid) {
  const auto usage = platform::process_usage(pid);
  return usage && usage->group == pid;
}

bool is_our_child(platform::Pid pid) {
  const auto usage = platform::process_usage(pid);
  return usage && usage->parent == platform::own_pid();
}

}  // namespace

OwnedProcess::OwnedProcess(platform::EventLoop& loop, platform::ProcessHandle handle,
                           platform::ProcessIdentity identity, std::string token, Callbacks callbacks)
    : loop_(loop),
      handle_(std::move(handle)),
      identity_(std::move(identity)),
      token_(std::move(token)),
      callbacks_(std::move(callbacks)),
      leads_group_(leads_its_group(identity_.pid)),
      is_child_(is_our_child(identity_.pid)),
      exit_watch_(handle_.watch_exit(loop, [this] { on_exit(); })),
      code_timer_(loop.timer([this] { look_for_code(); })),
      leftover_timer_(loop.timer([this] { look_for_leftovers(); })) {}

Result<void> OwnedProcess::terminate() { return signal(platform::signals::kTerminate); }

Result<void> OwnedProcess::kill() {
  // Asked for again each second until nobody is left, so what is forked meanwhile is found the next time.
  for (const auto& identity : bearers_of_token()) {
    // One that has gone meanwhile is what was wanted.
    if (const auto process = platform::ProcessHandle::open(identity)) {
      [[maybe_unused]] const auto sent = process->signal(platform::signals::kKill);
    }
  }
  return signal(platform::signals::kKill);
}

Result<void> OwnedProcess::signal(int signal) {
  last_signal_ = signal;
  if (!exited_) {
    // Once their parents have gone, nothing would tell whose those are that have emptied their environment.
    if (!token_.empty()) remember(platform::descendants_of(identity_));
    auto sent = leads_group_ ? handle_.signal_group(signal) : handle_.signal(signal);
    // What else cannot be signalled has gone, and its end is reported elsewhere.
    if (!sent && sent.error().code == ErrorCode::kDenied) return sent;
  }
  for (const Leftover& leftover : leftovers_) {
    [[maybe_unused]] const auto sent = leftover.handle.signal(signal);
  }
  return {};
}

void OwnedProcess::on_exit() {
  exit_watch_.end();
  exited_ = true;
  std::optional<int> code;
  if (const auto status = platform::reap(identity_.pid)) {
    code = status->code;
  } else if (const auto observed = handle_.observed_exit()) {
    code = observed->code;
  } else {
    code_timer_.after(kCodeInterval);
  }
  const bool group_empty = leftovers().empty();
  if (!group_empty) leftover_timer_.at(loop_.now());
  // A copy: what is called may destroy this.
  const auto exited = callbacks_.exited;
  exited(code, group_empty);
}

void OwnedProcess::look_for_code() {
  if (const auto observed = handle_.observed_exit()) {
    const auto code_learned = callbacks_.code_learned;
    code_learned(observed->code);
  } else if (++code_looks_ < kCodeLooks) {
    code_timer_.after(kCodeInterval);
  }
}

void OwnedProcess::look_for_leftovers() {
  leftovers_.clear();
  for (const auto& identity : leftovers()) {
    auto handle = platform::ProcessHandle::open(identity);
    if (!handle) continue;
    auto watch = handle->watch_exit(loop_, [this, pid = identity.pid] {
      [[maybe_unused]] const auto status = platform::reap(pid);  // if it has become our child
      leftover_timer_.at(loop_.now());
      // Not cleared here: this callback belongs to one of them.
      for (Leftover& leftover : leftovers_) {
        if (leftover.handle.pid() == pid) leftover.watch.end();
      }
    });
    // One that had left the group has not been asked yet.
    if (last_signal_) {
      [[maybe_unused]] const auto sent = handle->signal(*last_signal_);
    }
    leftovers_.push_back({std::move(*handle), std::move(watch)});
  }
  if (!leftovers_.empty()) return;
  const auto group_emptied = callbacks_.group_emptied;
  group_emptied();
}

// Some that were its at an earlier signal may be orphans by now.
void OwnedProcess::remember(std::vector<platform::ProcessIdentity> descendants) {
  for (auto& each : descendants) {
    if (std::ranges::find(descendants_, each) == descendants_.end()) descendants_.push_back(std::move(each));
  }
}

std::vector<platform::ProcessIdentity> OwnedProcess::leftovers() const {
  auto left = bearers_of_token();
  if (leads_group_ && !handle_.group_is_empty()) {
    for (auto& member : platform::group_members(identity_.pid)) {
      if (std::ranges::find(left, member) == left.end()) left.push_back(std::move(member));
    }
  }
  for (const auto& descendant : descendants_) {
    if (platform::is_running(descendant) && std::ranges::find(left, descendant) == left.end())
      left.push_back(descendant);
  }
  std::erase_if(left, [&](const platform::ProcessIdentity& process) { return process == identity_; });
  return left;
}

std::vector<platform::ProcessIdentity> OwnedProcess::bearers_of_token() const {
  if (token_.empty()) return {};
  // The orphans of our own child become our children, and looking at those is much cheaper than at all processes.
  if (!is_child_) return platform::processes_with_environment(bus::kSpawnTokenVariable, token_);
  std::vector<platform::ProcessIdentity> bearers;
  std::vector<platform::Pid> dead;
  for (bool again = true; again;) {
    again = false;
    bearers.clear();
    for (const platform::Pid child : platform::child_processes()) {
      const bool is_bearer = platform::environment_of(child, bus::kSpawnTokenVariable) == token_;
      const auto usage = platform::process_usage(child);
      if (!usage || usage->state == 'Z') {
        // Its orphans have become ours, though perhaps not before the list was read.
        again |= std::ranges::find(dead, child) == dead.end();
        dead.push_back(child);
      } else if (is_bearer) {
        bearers.push_back({platform::boot_id(), child, usage->start_time_ticks});
      } else if (usage->exiting) {
        // It may have been one, and what it has started is not ours yet.
        return platform::processes_with_environment(bus::kSpawnTokenVariable, token_);
      }
    }
  }
  return bearers;
}

}  // namespace vj::supervisor_host
