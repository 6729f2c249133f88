#include "workers/log_aggregator/log_store.hpp"

#include <algorithm>

#include "base/text.hpp"

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

LogRecord fitted(LogRecord record) {
  if (record.message.size() > kLongestMessage) {
    record.message.resize(kLongestMessage);
    record.message = valid_utf8(record.message) + "… (cut)";
  }
  return record;
}

bool LogStore::add(LogRecord record) {
  // A process number is given again one day; only the same moment makes it the same record. Without a seq (an old
  // worker) nothing tells two records apart.
  if (record.seq != 0) {
    const auto [known, is_new] = known_.try_emplace(Key(record.pid, record.seq), record.timestamp);
    if (!is_new && known->second == record.timestamp) return false;
    known->second = record.timestamp;
  }

  records_.push_back(fitted(std::move(record)));
  ++total_;
  if (records_.size() > capacity_) {
    const auto& oldest = records_.front();
    const auto it = known_.find(Key(oldest.pid, oldest.seq));
    if (it != known_.end() && it->second == oldest.timestamp) known_.erase(it);
    records_.pop_front();
  }
  return true;
}

std::vector<LogRecord> LogStore::find(const LogQuery& query) const {
  std::vector<LogRecord> found;
  for (auto it = records_.rbegin(); it != records_.rend() && found.size() < query.limit; ++it) {
    if (matches(*it, query)) found.push_back(*it);
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace vj::log_aggregator
