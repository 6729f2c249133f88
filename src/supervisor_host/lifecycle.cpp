#include "supervisor_host/lifecycle.hpp"

#include "base/overloaded.hpp"

namespace vj::supervisor_host {

namespace {

using wire::Value;

// Empty for what is only logged.
std::string_view name_of(const supervision::Happening& what) {
  using Name = std::string_view;
  return std::visit(Overloaded{[](const supervision::HasStarted&) { return wire::lifecycle::kStarted; },
                               [](const supervision::HasRestarted&) { return wire::lifecycle::kRestarted; },
                               [](const supervision::HasStopped&) { return wire::lifecycle::kStopped; },
                               [](const supervision::HasCrashed&) { return wire::lifecycle::kCrashed; },
                               [](const supervision::CouldNotStart&) { return wire::lifecycle::kCrashed; },
                               [](const supervision::WasAdopted&) { return wire::lifecycle::kAdopted; },
                               [](const supervision::HasFailed&) { return wire::lifecycle::kFailed; },
                               [](const auto&) { return Name(); }},
                    what);
}

Value payload_of(const supervision::Happening& what) {
  return std::visit(
      Overloaded{[](const supervision::HasStarted& e) { return Value::object({{"pid", e.pid.number}}); },
                 [](const supervision::WasAdopted& e) { return Value::object({{"pid", e.pid.number}}); },
                 [](const supervision::HasFailed& e) { return Value::object({{"reason", e.reason}}); },
                 [](const supervision::CouldNotStart& e) { return Value::object({{"reason", e.reason}}); },
                 [](const supervision::HasCrashed& e) {
                   if (!e.exit_code) return Value::object({{"reason", e.reason}});
                   return Value::object({{"exit_code", *e.exit_code}, {"restart_count", e.restart_count}});
                 },
                 [](const supervision::HasRestarted& e) {
                   return Value::object({{"restart_count", e.restart_count}, {"backoff_sec", to_seconds(e.backoff)}});
                 },
                 [](const auto&) { return Value::object(); }},
      what);
}

}  // namespace

std::optional<wire::LifecycleEvent> lifecycle_event(std::string_view worker, const supervision::Happening& what) {
  const std::string_view event = name_of(what);
  if (event.empty()) return std::nullopt;
  return wire::LifecycleEvent{std::string(event), std::string(worker), payload_of(what)};
}

}  // namespace vj::supervisor_host
