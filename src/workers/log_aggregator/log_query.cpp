#include "workers/log_aggregator/log_query.hpp"

#include "base/format.hpp"
#include "base/text.hpp"
#include "wire/json.hpp"

namespace vj::log_aggregator {

bool matches(const LogRecord& record, const LogQuery& query) {
  if (!query.worker.empty() && record.logger != query.worker) return false;
  if (record.level < query.level) return false;
  if (query.since && record.timestamp <= *query.since) return false;
  if (query.filter.empty()) return true;
  const auto wanted = lower_ascii(query.filter);
  return lower_ascii(record.message).find(wanted) != std::string::npos ||
         lower_ascii(record.logger).find(wanted) != std::string::npos;
}

Result<LogQuery> log_query_from(const wire::Value& payload) {
  LogQuery query;
  const auto wrong = [&](std::string_view name, std::string_view wanted) {
    return fail(ErrorCode::kInvalid, format("'{}' must be {}, not {}", name, wanted, wire::to_json(payload[name])));
  };
  for (const auto& [name, text] : {std::pair("worker", &query.worker), std::pair("filter", &query.filter)}) {
    const auto& value = payload[name];
    if (value.is_null()) continue;
    if (!value.is_string()) return wrong(name, "a text");
    *text = *value.string();
  }
  if (const auto& level = payload["level"]; !level.is_null()) {
    const auto parsed = parse_log_level(level.string_or(""));
    if (!parsed) return wrong("level", "debug, info, warning or error");
    query.level = *parsed;
  }
  if (const auto& since = payload["since"]; !since.is_null()) {
    if (!since.is_number()) return wrong("since", "a time in seconds since the epoch");
    query.since = since.number_or(0);
  }
  if (const auto& limit = payload["limit"]; !limit.is_null()) {
    if (!limit.is_integer() || limit.integer_or(0) < 1) return wrong("limit", "a number from 1");
    query.limit = static_cast<std::size_t>(limit.integer_or(1));
  }
  return query;
}

}  // namespace vj::log_aggregator
