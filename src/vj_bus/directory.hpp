// A live view of the registry: what it says now, and a call when it changed. Reads the file when it is told that it
// changed, never on a clock.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "platform/file_watch.hpp"
#include "vj_bus/registry.hpp"

namespace vj::bus {

enum class Heartbeats {
  kTold,
  // They wake nobody, and are seen with what comes next, or is written by way of registry(). What else a service has to
  // say is told as ever.
  kUntold,
};

class Directory {
 public:
  using Callback = std::function<void(const RegistrySnapshot&)>;

  // Reads at once; calls `changed` (which may be empty) on every later change of the file. For what is written by way
  // of registry() that is later in the same turn, and nothing is read again for it.
  Directory(platform::EventLoop& loop, const platform::Path& home, Callback changed = {},
            Heartbeats heartbeats = Heartbeats::kTold);
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  // The last registry that could be read. Its processes may be dead: ask alive().
  [[nodiscard]] const RegistrySnapshot& services() const { return registry_.snapshot(); }
  // For who writes into it or wants to know more than the last change: what is read or written there is seen here.
  [[nodiscard]] Registry& registry() { return registry_; }
  // The entry of a service whose process runs.
  [[nodiscard]] std::optional<ServiceEntry> alive(std::string_view name) const;
  // Why the file could not be read the last time.
  [[nodiscard]] const std::optional<std::string>& problem() const { return problem_; }

  // Reads the file now, without a call.
  void refresh();

 private:
  void tell_later();

  platform::EventLoop& loop_;
  Registry registry_;
  Callback changed_;
  std::optional<std::string> problem_;
  platform::FileWatch watch_;
  bool to_tell_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what was posted before it died
};

}  // namespace vj::bus
