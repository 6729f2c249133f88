#include "wire/log_payload.hpp"

namespace vj::wire {

Value to_value(const LogRecord& record) {
  return Value::object({{"level", to_string(record.level)},
                        {"logger", record.logger},
                        {"message", record.message},
                        {"timestamp", record.timestamp},
                        {"pid", record.pid},
                        {"seq", record.seq}});
}

std::optional<LogRecord> log_record_from(const Value& payload) {
  const auto* message = payload["message"].string();
  if (message == nullptr) return std::nullopt;
  return LogRecord{.level = parse_log_level(payload["level"].string_or("")).value_or(LogLevel::kInfo),
                   .logger = payload["logger"].string_or(""),
                   .message = *message,
                   .timestamp = payload["timestamp"].number_or(0),
                   .pid = static_cast<int>(payload["pid"].integer_or(0)),
                   .seq = static_cast<std::uint64_t>(payload["seq"].integer_or(0))};
}

}  // namespace vj::wire
