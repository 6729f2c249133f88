#include "workers/log_aggregator/log_store.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::log_aggregator;

namespace {

LogRecord record(std::uint64_t seq, std::string message = "hello", LogLevel level = LogLevel::kInfo,
                 std::string logger = "spotify_monitor") {
  return {.level = level,
          .logger = std::move(logger),
          .message = std::move(message),
          .timestamp = 1000.0 + static_cast<double>(seq),
          .pid = 7,
          .seq = seq};
}

std::vector<std::uint64_t> seqs(const std::vector<LogRecord>& records) {
  std::vector<std::uint64_t> result;
  for (const auto& r : records) result.push_back(r.seq);
  return result;
}

using Seqs = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("records come out in the order they came in") {
  LogStore store(10);
  CHECK(store.add(record(1)));
  CHECK(store.add(record(2)));
  CHECK(store.find({}) == std::vector{record(1), record(2)});
  CHECK(store.total() == 2);
}

TEST_CASE("a record that arrives twice is kept once") {
  LogStore store(10);
  store.add(record(1));
  CHECK_FALSE(store.add(record(1)));
  CHECK(store.total() == 1);
}

TEST_CASE("a new process with the number of an old one is not taken for it") {
  LogStore store(10);
  store.add(record(1, "old"));
  auto other = record(1, "new");
  other.timestamp = 5000.0;
  CHECK(store.add(other));
  CHECK_FALSE(store.add(other));
  CHECK(store.find({}).size() == 2);
}

TEST_CASE("records of a worker that numbers none are all kept") {
  LogStore store(10);
  store.add(record(0));
  CHECK(store.add(record(0)));
}

TEST_CASE("the oldest records make room, and are forgotten whole") {
  LogStore store(3);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) store.add(record(seq));
  CHECK(seqs(store.find({})) == Seqs{3, 4, 5});
  CHECK(store.total() == 5);
  CHECK(store.add(record(1)));
}

TEST_CASE("a query gets the newest records that fit it") {
  LogStore store(10);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) store.add(record(seq, seq % 2 == 0 ? "even" : "odd"));
  LogQuery query;
  query.filter = "odd";
  query.limit = 2;
  CHECK(seqs(store.find(query)) == Seqs{3, 5});
}

TEST_CASE("an answer stays within the size of a message") {
  LogStore store(200);
  for (std::uint64_t seq = 1; seq <= 200; ++seq) store.add(record(seq, std::string(kLongestMessage, 'x')));
  const auto found = store.find({});
  CHECK(found.size() > 40);
  CHECK(found.size() < 100);
  CHECK(found.back().seq == 200);
}

TEST_CASE("a message too long for a log is cut, between two characters, and says so") {
  LogStore store(10);
  store.add(record(1, std::string(kLongestMessage - 1, 'x') + "é and more"));
  const auto message = store.find({})[0].message;
  CHECK(message.ends_with("… (cut)"));
  CHECK(message.size() < kLongestMessage + 16);
}
