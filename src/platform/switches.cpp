#include "platform/switches.hpp"

#include "base/text.hpp"

namespace vj::platform {

namespace {
constexpr std::string_view kOn = "on ", kOff = "off ";
}

Result<Switches> read_switches(const Path& file) {
  const auto text = read_file(file);
  Switches switches;
  if (!text && text.error().code == ErrorCode::kNotFound) return switches;
  if (!text) return std::unexpected(text.error());
  for (const auto line : split(*text, '\n')) {
    if (line.starts_with(kOn)) switches.insert_or_assign(std::string(line.substr(kOn.size())), true);
    if (line.starts_with(kOff)) switches.insert_or_assign(std::string(line.substr(kOff.size())), false);
  }
  return switches;
}

Result<void> write_switches(const Path& file, const Switches& switches) {
  std::string text;
  for (const auto& [name, on] : switches) text.append(on ? kOn : kOff).append(name).append("\n");
  return write_file_atomically(file, text, Path(file).concat(".tmp"));
}

}  // namespace vj::platform
