#include "osc_io/target_switches.hpp"

namespace vj::osc_io {

namespace {
constexpr std::string_view kFile = "osc_targets";
}

Result<TargetSwitches> read_target_switches(const platform::Path& home) {
  return platform::read_switches(home / kFile);
}

Result<void> write_target_switches(const platform::Path& home, const TargetSwitches& switches) {
  return platform::write_switches(home / kFile, switches);
}

}  // namespace vj::osc_io
