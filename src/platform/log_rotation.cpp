#include "platform/log_rotation.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.hpp"
#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

Result<std::uint64_t> size_of(int fd, const Path& path) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return system_failure(format("cannot look at {}", path.string()));
  return static_cast<std::uint64_t>(status.st_size);
}

Result<void> copy_range(int from, int to, std::uint64_t begin, std::uint64_t end) {
  std::array<char, 65536> buffer;
  while (begin < end) {
    const auto want = std::min<std::uint64_t>(buffer.size(), end - begin);
    const auto count = ::pread(from, buffer.data(), want, static_cast<off_t>(begin));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("cannot read the log");
    if (count == 0) return {};
    if (auto written = write_all(to, {buffer.data(), static_cast<std::size_t>(count)}); !written) return written;
    begin += static_cast<std::uint64_t>(count);
  }
  return {};
}

Path numbered(const Path& path, int number) { return path.string() + "." + std::to_string(number); }

}  // namespace

Result<std::uint64_t> rotate_in_place(const Path& path, std::uint64_t longest, int files) {
  const UniqueFd log(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!log) return system_failure(format("cannot open {}", path.string()));
  const auto size = size_of(log.get(), path);
  if (!size) return size;
  std::uint64_t begin = *size > longest ? *size - longest : 0;

  const Path aside = path.string() + ".rotating";
  if (files > 0) {
    const UniqueFd copy(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!copy) return system_failure(format("cannot write {}", aside.string()));
    // A full disk must not keep the log from being emptied, which is what makes room again.
    const auto copied = copy_range(log.get(), copy.get(), begin, *size);
    std::error_code ignored;
    if (copied) {
      for (int number = files; number > 1; --number) {
        std::filesystem::rename(numbered(path, number - 1), numbered(path, number), ignored);
      }
      std::filesystem::rename(aside, numbered(path, 1), ignored);
    } else {
      std::filesystem::remove(aside, ignored);
      begin = *size;
    }
  }
  const auto size_at_end = size_of(log.get(), path);
  if (::ftruncate(log.get(), 0) != 0) return system_failure(format("cannot empty {}", path.string()));
  return begin + (size_at_end && *size_at_end > *size ? *size_at_end - *size : 0);
}

Result<std::string> read_tail(const Path& path, std::size_t longest) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return system_failure(format("cannot read {}", path.string()));
  const auto size = size_of(file.get(), path);
  if (!size) return std::unexpected(size.error());
  std::string tail(std::min<std::size_t>(longest, *size), '\0');
  const auto count = ::pread(file.get(), tail.data(), tail.size(), static_cast<off_t>(*size - tail.size()));
  if (count < 0) return system_failure(format("cannot read {}", path.string()));
  tail.resize(static_cast<std::size_t>(count));
  return tail;
}

}  // namespace vj::platform
