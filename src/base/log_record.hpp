// One line of a log, as it is written, sent on the bus and shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vj {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogRecord {
  LogLevel level = LogLevel::kInfo;
  std::string logger;    // the service's name
  std::string message;   // UTF-8, one line or more
  double timestamp = 0;  // wall clock, seconds since the epoch
  int pid = 0;
  std::uint64_t seq = 0;  // counts up within a process: (pid, seq) is one record

  friend bool operator==(const LogRecord&, const LogRecord&) = default;
};

[[nodiscard]] std::string_view to_string(LogLevel level);                      // DEBUG INFO WARNING ERROR
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view word);  // either case; also WARN, CRITICAL

// "YYYY-MM-DD HH:MM:SS - LEVEL - message", local time, without a line break at the end.
[[nodiscard]] std::string format_log_line(const LogRecord& record);

}  // namespace vj
