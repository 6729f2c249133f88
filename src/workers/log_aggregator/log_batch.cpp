#include "workers/log_aggregator/log_batch.hpp"

#include <iterator>

namespace vj::log_aggregator {
namespace {

// Text only: what is around it in a message is small and always there.
std::size_t size_of(const LogRecord& record) { return record.message.size() + record.logger.size(); }

}  // namespace

void LogBatch::add(const LogRecord& record) {
  records_.push_back(record);
  bytes_ += size_of(record);
  while (records_.size() > 1 && (records_.size() > most_records_ || bytes_ > most_bytes_)) {
    bytes_ -= size_of(records_.front());
    records_.pop_front();
    ++dropped_;
  }
}

std::vector<LogRecord> LogBatch::take() {
  std::vector<LogRecord> taken(std::make_move_iterator(records_.begin()), std::make_move_iterator(records_.end()));
  records_.clear();
  bytes_ = 0;
  return taken;
}

}  // namespace vj::log_aggregator
