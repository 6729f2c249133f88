#include "workers/audio_analyzer/chosen_device.hpp"

#include "base/text.hpp"

namespace vj::audio_analyzer {

namespace {
constexpr std::string_view kFile = "audio_device";
}

Result<std::optional<std::string>> read_chosen_device(const platform::Path& home) {
  const auto text = platform::read_file(home / kFile);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  const auto name = trim(*text);
  return name.empty() ? std::nullopt : std::optional(std::string(name));
}

Result<void> write_chosen_device(const platform::Path& home, std::string_view device) {
  return platform::write_file_atomically(home / kFile, device, home / (std::string(kFile) + ".tmp"));
}

}  // namespace vj::audio_analyzer
