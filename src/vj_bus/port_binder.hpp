// Binds the two sockets of a service to the ports it should have. A port that somebody keeps for longer than a
// predecessor needs to let go of it is replaced by any free one; the registry tells which.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "platform/event_loop.hpp"
#include "platform/files.hpp"
#include "vj_bus/publisher.hpp"
#include "vj_bus/service.hpp"

namespace vj::bus {

// The ports of the service's predecessor, so that a restarted service is found where it was; else the configured ones.
[[nodiscard]] config::Ports ports_to_try(const platform::Path& home, std::string_view service,
                                         config::Ports configured);

class PortBinder {
 public:
  using Warn = std::function<void(const std::string&)>;
  using Done = std::function<void(const Result<config::Ports>&)>;

  // The sockets outlive the binder.
  PortBinder(platform::EventLoop& loop, CommandServer& commands, Publisher& telemetry, std::string address,
             config::Ports wanted, Warn warn, Done done);

  // Calls `done` once: now, or within a quarter of a second.
  void start();

 private:
  template <class Server>
  [[nodiscard]] Result<void> bind(Server& server, std::uint16_t wanted, std::optional<int>& port);

  CommandServer& commands_;
  Publisher& telemetry_;
  std::string address_;
  config::Ports wanted_;
  Warn warn_;
  Done done_;
  Time patience_ends_;
  std::optional<int> command_port_, telemetry_port_;
  platform::EventLoop::Timer retry_;
};

}  // namespace vj::bus
