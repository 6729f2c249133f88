// The OSC output of a service: sends to the targets, and tells and obeys the bus about it. The registry entry says
// which port the debugger's copies come from and how every target is, a set_config switches targets, and the debugger
// is followed to whichever port it found. Belongs to the loop's thread.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "osc_io/sender.hpp"
#include "platform/files.hpp"
#include "platform/log.hpp"
#include "vj_bus/registry.hpp"
#include "wire/value.hpp"

namespace vj::osc_out {

class OscOutput {
 public:
  // Adds to the service's registry entry.
  using SetMetadata = std::function<void(std::string_view key, wire::Value value)>;

  OscOutput(platform::EventLoop& loop, platform::Logger& log, const platform::Path& home, const config::Osc& osc,
            SetMetadata set_metadata);

  [[nodiscard]] osc_io::Sender& sender() { return sender_; }

  // The registry has been read, or has changed: the debugger may have moved.
  void see(const bus::RegistrySnapshot& services);

  // The part of a set_config that is about OSC: {"osc_targets": {"visuals": false}}. kInvalid, and nothing has changed,
  // where a target is not known.
  [[nodiscard]] Result<void> set_config(const wire::Value& changes);

 private:
  void tell();

  platform::Logger& log_;
  SetMetadata set_metadata_;
  osc_io::Sender sender_;
  std::uint16_t configured_tap_;
};

// What OscOutput does with them, for a service whose sender belongs to a thread of its own: how the registry entry
// tells of targets, what the osc_targets of a set_config switch (kInvalid, for a person, where there is no such
// target), and where the debugger takes copies.
[[nodiscard]] wire::Value targets_value(const std::vector<osc_io::TargetState>& targets);
[[nodiscard]] Result<osc_io::TargetSwitches> target_switches_from(const wire::Value& asked,
                                                                  const std::vector<osc_io::TargetState>& targets);
[[nodiscard]] std::uint16_t tap_in(const bus::RegistrySnapshot& services, std::uint16_t configured);

}  // namespace vj::osc_out
