// The log of all processes as a file on disk: vj.log, and vj.log.1 (newest) to vj.log.N set aside. Survives that the
// file is moved or removed, and that the disk is full; it does not sync, and has one writer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log_record.hpp"
#include "base/result.hpp"
#include "platform/unique_fd.hpp"

namespace vj::log_aggregator {

using Path = std::filesystem::path;

struct LogFileLimits {
  std::uint64_t max_bytes = std::uint64_t{10} << 20;
  int max_files = 5;  // beside the one that is written
};

// The renames that make room for a new `path`, in order. What would become number max_files + 1 is overwritten.
[[nodiscard]] std::vector<std::pair<Path, Path>> rotation(const Path& path, int max_files);

// A line of the file, ended; a message of several lines is indented, so that none of them looks like a record.
[[nodiscard]] std::string file_line(const LogRecord& record);

class LogFile {
 public:
  LogFile(Path path, LogFileLimits limits) : path_(std::move(path)), limits_(limits) {}

  void set_limits(LogFileLimits limits) { limits_ = limits; }

  // Appends whole lines. After a failure the next call tries from the start.
  [[nodiscard]] Result<void> append(std::string_view lines);

 private:
  [[nodiscard]] Result<void> open();
  [[nodiscard]] Result<void> rotate();
  [[nodiscard]] bool was_replaced() const;

  Path path_;
  LogFileLimits limits_;
  platform::UniqueFd fd_;
  std::uint64_t inode_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace vj::log_aggregator
