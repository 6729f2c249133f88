#include "workers/log_aggregator/log_batch.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::log_aggregator;

namespace {
LogRecord record(std::string message) {
  return {.level = LogLevel::kInfo, .logger = "x", .message = std::move(message), .timestamp = 1, .pid = 1, .seq = 1};
}
}  // namespace

TEST_CASE("a batch gives each record once") {
  LogBatch batch;
  CHECK(batch.empty());
  batch.add(record("a"));
  batch.add(record("b"));
  CHECK(batch.take() == std::vector{record("a"), record("b")});
  CHECK(batch.empty());
  CHECK(batch.dropped() == 0);
}

TEST_CASE("more than a message should hold leaves out the oldest, and counts them") {
  LogBatch batch(2);
  for (const auto* const text : {"a", "b", "c"}) batch.add(record(text));
  CHECK(batch.take() == std::vector{record("b"), record("c")});
  CHECK(batch.dropped() == 1);
}

TEST_CASE("long messages count by their length, but one record always passes") {
  LogBatch batch(100, 10);
  batch.add(record("12345"));
  batch.add(record("67890"));
  CHECK(batch.take() == std::vector{record("67890")});
  batch.add(record("much longer than ten bytes"));
  CHECK(batch.take().size() == 1);
  CHECK(batch.dropped() == 1);
}
