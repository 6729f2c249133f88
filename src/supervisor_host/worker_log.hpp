// The file that a worker's output goes to. The worker inherits it, so its lines arrive also while nobody supervises.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "config/config.hpp"
#include "platform/files.hpp"

namespace vj::supervisor_host {

class WorkerLog {
 public:
  WorkerLog(const platform::Path& home, std::string_view worker, config::LogLimits limits);

  [[nodiscard]] const platform::Path& file() const { return file_; }
  void set_limits(config::LogLimits limits) { limits_ = limits; }

  // For one spawn; the child keeps it.
  [[nodiscard]] Result<platform::UniqueFd> open() const;

  // Sets the file aside if it has grown too large. What a flood made it lose is told in the file itself. Call now and
  // then; the longer the pause, the more a flood may write meanwhile. Returns how much it has grown since the last
  // call, so that a flood can be looked at more often.
  [[nodiscard]] Result<std::uint64_t> rotate_if_large();
  [[nodiscard]] std::uint64_t size_limit() const;

  // What is written from now on is of the process that is started now.
  void begin();
  // The beginning of that one's last line, without control characters; empty where there is none.
  [[nodiscard]] std::string last_line() const;

 private:
  platform::Path file_;
  config::LogLimits limits_;
  std::uint64_t last_size_ = 0;
  std::uint64_t begun_at_ = 0;
};

}  // namespace vj::supervisor_host
