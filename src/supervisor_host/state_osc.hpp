// Tells the OSC targets how workers and apps are: `/vj/worker` and `/vj/app` with name and state, on each change.
// Belongs to the loop's thread.
#pragma once

#include <functional>
#include <string_view>

#include "config/config.hpp"
#include "osc_out/osc_output.hpp"

namespace vj::supervisor_host {

class StateOsc {
 public:
  StateOsc(platform::EventLoop& loop, platform::Logger& log, const platform::Path& home, const config::Osc& osc,
           osc_out::OscOutput::SetMetadata set_metadata)
      : output_(loop, log, home, osc, std::move(set_metadata)) {}

  // The registry has been read, or has changed.
  void see(const bus::RegistrySnapshot& services) { output_.see(services); }

  void tell(std::string_view name, config::WorkerKind kind, std::string_view state);

  // {"osc_targets": {"visuals": false}}; kInvalid, and nothing has changed, for anything else.
  [[nodiscard]] Result<void> set_config(const wire::Value& changes);

 private:
  osc_out::OscOutput output_;
};

}  // namespace vj::supervisor_host
