// What a reader of the log asks for, and whether a record is it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/log_record.hpp"
#include "base/result.hpp"
#include "wire/value.hpp"

namespace vj::log_aggregator {

// Every condition that is set must hold.
struct LogQuery {
  std::string worker;                 // the record's logger; empty: any
  LogLevel level = LogLevel::kDebug;  // this or worse
  std::optional<double> since;        // only records later than this, seconds since the epoch
  std::string filter;                 // the message or the logger holds this, in either case; empty: any
  std::size_t limit = 200;            // the newest so many

  friend bool operator==(const LogQuery&, const LogQuery&) = default;
};

[[nodiscard]] bool matches(const LogRecord& record, const LogQuery& query);

// The payload of `get_logs`: `{worker, level, since, limit, filter}`, each of which may be missing or null.
[[nodiscard]] Result<LogQuery> log_query_from(const wire::Value& payload);

}  // namespace vj::log_aggregator
