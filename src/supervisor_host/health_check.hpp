// A look at whether a worker does its work, beyond that it lives: derive from it for checks of your own. A check
// answers a question; what follows from the answer is HealthMonitor's and supervision's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "vj_bus/registry.hpp"
#include "vj_bus/socket.hpp"

namespace vj::supervisor_host {

class HealthCheck {
 public:
  // Nothing, if it is well; else what is wrong, for a person.
  using Done = std::function<void(std::optional<std::string> problem)>;

  virtual ~HealthCheck() = default;

  // Calls `done` once, now or later from the loop. Not called again before that, or before give_up().
  virtual void look(Done done) = 0;
  // It took too long: `done` is not to be called any more.
  virtual void give_up() = 0;
  // Whether the end of this child is noticed here: others are reaped as orphans, and their exit codes lost.
  [[nodiscard]] virtual bool owns(platform::Pid) const { return false; }
};

// What the built-in checks need to see.
struct HealthView {
  platform::EventLoop& loop;
  bus::Context& context;
  std::function<std::optional<bus::ServiceEntry>()> entry;  // the worker's, where it is registered
};

[[nodiscard]] std::unique_ptr<HealthCheck> make_health_check(const config::HealthCheck& config, HealthView view);

}  // namespace vj::supervisor_host
