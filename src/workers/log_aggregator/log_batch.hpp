// Collects the records between two messages of `logs.aggregated`. When more arrive than a message should hold, the
// oldest are left out and counted: a reader of telemetry wants what is new, and can ask for the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/log_record.hpp"

namespace vj::log_aggregator {

class LogBatch {
 public:
  explicit LogBatch(std::size_t most_records = 500, std::size_t most_bytes = 256 * 1024)
      : most_records_(most_records), most_bytes_(most_bytes) {}

  void add(const LogRecord& record);
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }  // left out since the start

  // What was collected, oldest first; the batch is empty then.
  [[nodiscard]] std::vector<LogRecord> take();

 private:
  std::size_t most_records_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::deque<LogRecord> records_;
};

}  // namespace vj::log_aggregator
