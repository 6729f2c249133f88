#include "workers/log_aggregator/log_query.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::log_aggregator;
using wire::Value;

namespace {

const LogRecord kRecord{.level = LogLevel::kWarning,
                        .logger = "spotify_monitor",
                        .message = "Token expired",
                        .timestamp = 1000,
                        .pid = 7,
                        .seq = 1};

template <class Change>
bool matches_with(Change change) {
  LogQuery query;
  change(query);
  return matches(kRecord, query);
}

}  // namespace

TEST_CASE("an empty query wants everything") { CHECK(matches(kRecord, {})); }

TEST_CASE("a query may want one worker") {
  CHECK(matches_with([](LogQuery& query) { query.worker = "spotify_monitor"; }));
  CHECK_FALSE(matches_with([](LogQuery& query) { query.worker = "spotify"; }));
}

TEST_CASE("a level means that one or worse") {
  CHECK(matches_with([](LogQuery& query) { query.level = LogLevel::kInfo; }));
  CHECK(matches_with([](LogQuery& query) { query.level = LogLevel::kWarning; }));
  CHECK_FALSE(matches_with([](LogQuery& query) { query.level = LogLevel::kError; }));
}

TEST_CASE("since leaves out what the reader has seen already") {
  CHECK(matches_with([](LogQuery& query) { query.since = 999.5; }));
  CHECK_FALSE(matches_with([](LogQuery& query) { query.since = 1000; }));
}

TEST_CASE("a filter looks at the message and the worker's name, in either case") {
  CHECK(matches_with([](LogQuery& query) { query.filter = "token EXP"; }));
  CHECK(matches_with([](LogQuery& query) { query.filter = "Spotify"; }));
  CHECK_FALSE(matches_with([](LogQuery& query) { query.filter = "audio"; }));
}

TEST_CASE("the fields of a request are those of the query, and null is as good as missing") {
  CHECK(log_query_from(Value::object()) == LogQuery{});
  CHECK(log_query_from(Value::object({{"worker", nullptr}, {"since", nullptr}})) == LogQuery{});
  CHECK(log_query_from(
            Value::object({{"worker", "x"}, {"level", "WARNING"}, {"since", 5}, {"limit", 10}, {"filter", "y"}})) ==
        LogQuery{"x", LogLevel::kWarning, 5.0, "y", 10});
}

TEST_CASE("a request that makes no sense is refused with the field and what it may be") {
  CHECK(log_query_from(Value::object({{"level", "loud"}})).error().message ==
        "'level' must be debug, info, warning or error, not \"loud\"");
  CHECK(log_query_from(Value::object({{"limit", 0}})).error().message == "'limit' must be a number from 1, not 0");
  CHECK(log_query_from(Value::object({{"worker", 3}})).error().message == "'worker' must be a text, not 3");
  CHECK_FALSE(log_query_from(Value::object({{"since", "yesterday"}})));
}
