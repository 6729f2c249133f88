#include "osc_io/target_switches.hpp"

#include "base/text.hpp"

namespace vj::osc_io {
namespace {

// One target a line: "off visuals".
constexpr std::string_view kFile = "osc_targets";
constexpr std::string_view kOn = "on ", kOff = "off ";

}  // namespace

Result<TargetSwitches> read_target_switches(const platform::Path& home) {
  const auto text = platform::read_file(home / kFile);
  TargetSwitches switches;
  if (!text && text.error().code == ErrorCode::kNotFound) return switches;
  if (!text) return std::unexpected(text.error());
  for (const auto line : split(*text, '\n')) {
    if (line.starts_with(kOn)) switches.insert_or_assign(std::string(line.substr(kOn.size())), true);
    if (line.starts_with(kOff)) switches.insert_or_assign(std::string(line.substr(kOff.size())), false);
  }
  return switches;
}

Result<void> write_target_switches(const platform::Path& home, const TargetSwitches& switches) {
  std::string text;
  for (const auto& [name, on] : switches) text.append(on ? kOn : kOff).append(name).append("\n");
  return platform::write_file_atomically(home / kFile, text, home / (std::string(kFile) + ".tmp"));
}

}  // namespace vj::osc_io
