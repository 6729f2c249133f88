#include "platform/log.hpp"

#include <unistd.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/files.hpp"
#include "platform/process.hpp"

namespace vj::platform {

Logger::Logger(std::string name, LogLevel level, bool to_standard_error)
    : name_(std::move(name)), level_(level), to_standard_error_(to_standard_error) {}

void Logger::log(LogLevel level, std::string message) {
  if (level < level_) return;
  LogRecord record{.level = level,
                   .logger = name_,
                   .message = valid_utf8(message),
                   .timestamp = to_seconds(std::chrono::system_clock::now()),
                   .pid = own_pid(),
                   .seq = next_seq_++};
  if (to_standard_error_) {
    // A log that cannot be written must not stop the show, and there is nowhere left to say so.
    [[maybe_unused]] const auto written = write_all(STDERR_FILENO, format_log_line(record) + "\n");
  }
  if (listener_) listener_(record);
}

}  // namespace vj::platform
