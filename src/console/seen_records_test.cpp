#include "console/seen_records.hpp"

#include <doctest/doctest.h>

namespace vj::console {
namespace {

LogRecord record(int pid, std::uint64_t seq) {
  LogRecord result;
  result.pid = pid;
  result.seq = seq;
  return result;
}

TEST_CASE("a record is new once") {
  SeenRecords seen;
  CHECK(seen.is_new(record(1, 1)));
  CHECK_FALSE(seen.is_new(record(1, 1)));
  CHECK(seen.is_new(record(2, 1)));
  CHECK(seen.is_new(record(1, 2)));
}

TEST_CASE("records without a number are all new") {
  SeenRecords seen;
  CHECK(seen.is_new(record(0, 0)));
  CHECK(seen.is_new(record(0, 0)));
}

TEST_CASE("what is very old is forgotten") {
  SeenRecords seen;
  for (std::uint64_t i = 1; i <= SeenRecords::kRemembered + 1; ++i) CHECK(seen.is_new(record(1, i)));
  CHECK(seen.is_new(record(1, 1)));
  CHECK_FALSE(seen.is_new(record(1, SeenRecords::kRemembered)));
}

}  // namespace
}  // namespace vj::console
