// The newest records of all processes, in the order of their arrival, and what of them a reader asks for. A record that
// arrives twice is kept once. Never holds more than its capacity, nor text longer than kLongestMessage in one record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "base/log_record.hpp"
#include "workers/log_aggregator/log_query.hpp"

namespace vj::log_aggregator {

inline constexpr std::size_t kLongestMessage = 8192;  // bytes

// `record` with a message that fits, told so at its end where it was cut.
[[nodiscard]] LogRecord fitted(LogRecord record);

class LogStore {
 public:
  explicit LogStore(std::size_t capacity) : capacity_(capacity) {}

  // False: it is here already.
  bool add(LogRecord record);

  // Oldest first. Ends at the query's limit, or earlier when the text would not fit into one message.
  [[nodiscard]] std::vector<LogRecord> find(const LogQuery& query) const;
  [[nodiscard]] std::uint64_t total() const { return total_; }  // records ever added

 private:
  using Key = std::pair<int, std::uint64_t>;  // pid and seq

  std::size_t capacity_;
  std::uint64_t total_ = 0;
  std::deque<LogRecord> records_;
  std::map<Key, double> known_;  // when the record in `records_` was written
};

}  // namespace vj::log_aggregator
