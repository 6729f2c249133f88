// Keeps one service registered: puts its entry into the registry, beats its heart there every 5 s from the loop, comes
// back when the entry was lost, and leaves at the end. Part of every worker, and of the process manager.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "vj_bus/registry.hpp"

namespace vj::bus {

class Registration {
 public:
  using Problem = std::function<void(const std::string&)>;

  // `entry` holds name, status and ports; process, times and version are filled in here. Problems (a registry that
  // cannot be written) are told once each, and it tries again with the next beat. `registry` outlives it.
  Registration(platform::EventLoop& loop, Registry& registry, ServiceEntry entry, Problem problem);

  // Written at once.
  void set_status(std::string_view status, std::string reason = "");
  void set_metadata(std::string_view name, wire::Value value);
  [[nodiscard]] const std::string& status() const { return entry_.status; }

  // Out of turn: now rather than with the next beat.
  void beat();
  // When the registry could not be written last; none if it always could.
  [[nodiscard]] std::optional<Time> last_failure() const { return last_failure_; }

  // Counts what the worker got done; the heartbeat carries it, so that one that beats without working can be told.
  void made_progress() { ++progress_; }

  // Writes the entry for the last time, or removes it; waits a little for the lock, since there is no next beat.
  void leave(std::string_view status);
  void remove();

 private:
  void write();
  template <class Write>
  void write_last(Write write_now);
  void tell(const Error& error);

  Registry& registry_;
  ServiceEntry entry_;
  Problem problem_;
  std::string told_;
  std::optional<Time> last_failure_;
  std::int64_t progress_ = 0;
  platform::EventLoop::Timer heartbeat_;
  platform::EventLoop::Timer retry_;
};

}  // namespace vj::bus
