#include "workers/log_aggregator/log_file.hpp"

#include <algorithm>
#include <system_error>

#include "base/format.hpp"
#include "platform/files.hpp"

namespace vj::log_aggregator {

std::vector<std::pair<Path, Path>> rotation(const Path& path, int max_files) {
  std::vector<std::pair<Path, Path>> renames;
  const auto numbered = [&](int number) { return Path(format("{}.{}", path.string(), number)); };
  for (int number = std::max(max_files, 1); number > 1; --number) {
    renames.emplace_back(numbered(number - 1), numbered(number));
  }
  renames.emplace_back(path, numbered(1));
  return renames;
}

std::string file_line(const LogRecord& record) {
  auto line = record;
  line.message = record.logger + ": ";
  for (const char c : record.message) {
    line.message += c;
    if (c == '\n') line.message += "    ";
  }
  return format_log_line(line) + "\n";
}

Result<void> LogFile::append(std::string_view lines) {
  if (!fd_ || was_replaced()) {
    if (auto opened = open(); !opened) return opened;
  }
  if (size_ > 0 && size_ + lines.size() > limits_.max_bytes) {
    if (auto rotated = rotate(); !rotated) return rotated;
  }
  if (auto written = platform::write_all(fd_.get(), lines); !written) {
    fd_.reset();
    return fail_with(format("cannot write {}", path_.string()), written.error());
  }
  size_ += lines.size();
  return {};
}

Result<void> LogFile::open() {
  if (auto folder = platform::ensure_private_folder(path_.parent_path()); !folder) return folder;
  auto fd = platform::open_for_append(path_);
  if (!fd) return std::unexpected(fd.error());
  fd_ = std::move(*fd);
  const auto status = platform::file_status(path_);
  inode_ = status ? status->inode : 0;
  size_ = status ? status->size : 0;
  return {};
}

Result<void> LogFile::rotate() {
  fd_.reset();
  for (const auto& [from, to] : rotation(path_, limits_.max_files)) {
    std::error_code error;
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::rename(from, to, error);
    if (error) return fail(ErrorCode::kIo, format("cannot set {} aside: {}", from.string(), error.message()));
  }
  return open();
}

bool LogFile::was_replaced() const {
  const auto status = platform::file_status(path_);
  return !status || status->inode != inode_;
}

}  // namespace vj::log_aggregator
