#include "platform/udp_port_owner.hpp"

#include <algorithm>
#include <vector>

#include "base/format.hpp"
#include "base/text.hpp"
#include "platform/files.hpp"
#include "platform/process.hpp"

namespace vj::platform {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const auto word : split(line, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

// The inodes of the sockets on the port, as the links in /proc/PID/fd name them.
std::vector<std::string> sockets_on(std::uint16_t port) {
  static constexpr std::size_t kLocalAddress = 1, kInode = 9;
  const auto suffix = format(":{:04X}", port);
  std::vector<std::string> found;
  for (const char* table : {"/proc/net/udp", "/proc/net/udp6"}) {
    const auto text = read_file(table);
    if (!text) continue;  // no IPv6 here
    for (const auto line : split(*text, '\n')) {
      const auto words = words_of(line);
      if (words.size() > kInode && words[kLocalAddress].ends_with(suffix)) {
        found.push_back(format("socket:[{}]", words[kInode]));
      }
    }
  }
  return found;
}

bool has_one_of(const Path& fd_folder, const std::vector<std::string>& sockets) {
  std::error_code hidden;  // another user's process, or one that ends while we look
  auto entry = std::filesystem::directory_iterator(fd_folder, hidden);
  for (; !hidden && entry != std::filesystem::directory_iterator(); entry.increment(hidden)) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(entry->path(), gone);
    if (!gone && std::ranges::find(sockets, target.string()) != sockets.end()) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> udp_port_owner(std::uint16_t port) {
  const auto sockets = sockets_on(port);
  if (sockets.empty()) return std::nullopt;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const auto pid = parse_integer(entry.path().filename().string());
    if (!pid || !has_one_of(entry.path() / "fd", sockets)) continue;
    const auto usage = process_usage(static_cast<Pid>(*pid));
    return format("{} (pid {})", usage ? usage->name : "a process", *pid);
  }
  return std::nullopt;
}

}  // namespace vj::platform
