#include "platform/chosen_audio_device.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace vj::platform {

namespace {
constexpr std::string_view kFile = "audio_device";
}

bool is_audio_device_name(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; };
  return !trim(text).empty() && std::ranges::none_of(text, is_control);
}

Result<std::optional<std::string>> read_chosen_audio_device(const Path& home) {
  const auto text = read_file(home / kFile);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  std::string_view name = *text;
  if (name.ends_with('\n')) name.remove_suffix(1);  // by hand
  return !is_audio_device_name(name) ? std::nullopt : std::optional(std::string(name));
}

Result<void> write_chosen_audio_device(const Path& home, std::string_view device) {
  return write_file_atomically(home / kFile, device, home / (std::string(kFile) + ".tmp"));
}

}  // namespace vj::platform
