#include "ctl/analysis_files.hpp"

#include <filesystem>
#include <map>
#include <system_error>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::ctl {

std::string result_name(const std::string& sound_file) { return platform::Path(sound_file).stem().string(); }

std::optional<std::string> result_clash(std::span<const std::string> sound_files) {
  std::map<std::string, std::string_view> taken;
  for (const auto& file : sound_files) {
    const auto [first, is_new] = taken.try_emplace(result_name(file), file);
    if (is_new) continue;
    return format("{} and {} would both be written to {}.beats and so on: rename one, or give each a folder of its own",
                  with_escapes(first->second), with_escapes(file), with_escapes(first->first));
  }
  return std::nullopt;
}

Result<void> write_result_file(const platform::Path& path, std::string_view text) {
  const auto temporary = platform::Path(path).concat(".tmp");
  auto written = platform::write_file_atomically(path, text, temporary, platform::Readers::kUmask);
  std::error_code ignored;  // what matters has failed already
  if (!written) std::filesystem::remove(temporary, ignored);
  return written;
}

std::string with_escapes(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\t') {
      escaped += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      escaped += format("\\x{:02x}", byte);
    } else {
      escaped += c;
    }
  }
  return printable(escaped);
}

}  // namespace vj::ctl
