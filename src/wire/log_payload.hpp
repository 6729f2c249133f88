// `logs.record`: a log record as a payload.
#pragma once

#include <optional>

#include "base/log_record.hpp"
#include "wire/value.hpp"

namespace vj::wire {

[[nodiscard]] Value to_value(const LogRecord& record);

// Nothing where there is no message. A level that is not known is INFO; the old Python workers send neither pid nor
// seq.
[[nodiscard]] std::optional<LogRecord> log_record_from(const Value& payload);

}  // namespace vj::wire
