#include "base/log_record.hpp"

#include <cmath>
#include <ctime>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj {

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarning:
      return "WARNING";
    case LogLevel::kError:
      return "ERROR";
  }
  return "INFO";
}

std::optional<LogLevel> parse_log_level(std::string_view word) {
  const auto lower = lower_ascii(word);
  if (lower == "debug") return LogLevel::kDebug;
  if (lower == "info") return LogLevel::kInfo;
  if (lower == "warning" || lower == "warn") return LogLevel::kWarning;
  if (lower == "error" || lower == "critical") return LogLevel::kError;
  return std::nullopt;
}

std::string format_log_line(const LogRecord& record) {
  const auto seconds = static_cast<std::time_t>(std::floor(record.timestamp));
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} - {} - {}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                local.tm_hour, local.tm_min, local.tm_sec, to_string(record.level), record.message);
}

}  // namespace vj
