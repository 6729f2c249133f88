// `logs.record`: a log record as a payload.
#pragma once

#include <optional>
#include <string_view>

#include "base/log_record.hpp"
#include "wire/value.hpp"

namespace vj::wire {

[[nodiscard]] Value to_value(const LogRecord& record);

namespace command {
// To the log aggregator, from a process that is no service and so has no telemetry (a console): `{logs: [record, …]}`
// gives `{added}`, the number of those that were not there yet.
inline constexpr std::string_view kAddRecords = "add_records";
}  // namespace command

// Nothing where there is no message. A level that is not known is INFO; the old Python workers send neither pid nor
// seq.
[[nodiscard]] std::optional<LogRecord> log_record_from(const Value& payload);

}  // namespace vj::wire
