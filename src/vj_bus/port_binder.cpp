#include "vj_bus/port_binder.hpp"

#include "base/format.hpp"
#include "vj_bus/registry.hpp"

namespace vj::bus {
namespace {

constexpr Duration kPatience = 200ms;
constexpr Duration kRetry = 10ms;

}  // namespace

config::Ports ports_to_try(const platform::Path& home, std::string_view service, config::Ports configured) {
  const auto registry = Registry(home).read();
  const auto* before = registry ? registry->find(service) : nullptr;
  if (before == nullptr || before->command_port <= 0) return configured;
  return {static_cast<std::uint16_t>(before->command_port), static_cast<std::uint16_t>(before->telemetry_port)};
}

PortBinder::PortBinder(platform::EventLoop& loop, CommandServer& commands, Publisher& telemetry, std::string address,
                       config::Ports wanted, Warn warn, Done done)
    : commands_(commands),
      telemetry_(telemetry),
      address_(std::move(address)),
      wanted_(wanted),
      warn_(std::move(warn)),
      done_(std::move(done)),
      patience_ends_(platform::EventLoop::clock() + kPatience),
      retry_(loop.timer([this] { start(); })) {}

void PortBinder::start() {
  if (const auto bound = bind(commands_, wanted_.command, command_port_); !bound) {
    return done_(std::unexpected(bound.error()));
  }
  if (const auto bound = bind(telemetry_, wanted_.telemetry, telemetry_port_); !bound) {
    return done_(std::unexpected(bound.error()));
  }
  if (command_port_ && telemetry_port_) {
    done_(config::Ports{static_cast<std::uint16_t>(*command_port_), static_cast<std::uint16_t>(*telemetry_port_)});
  } else {
    retry_.at(platform::EventLoop::clock() + kRetry);
  }
}

// Without a port afterwards: it is taken, come back later.
template <class Server>
Result<void> PortBinder::bind(Server& server, std::uint16_t wanted, std::optional<int>& port) {
  if (port) return {};
  auto bound = server.bind(address_, wanted);
  if (!bound && bound.error().code == ErrorCode::kConflict) {
    if (platform::EventLoop::clock() < patience_ends_) return {};
    bound = server.bind(address_, 0);
    if (bound) warn_(format("port {} is taken by another program; using {} instead", wanted, *bound));
  }
  if (!bound) return std::unexpected(bound.error());
  port = *bound;
  return {};
}

}  // namespace vj::bus
