#include "workers/log_aggregator/log_store.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace vj::log_aggregator {

namespace {

// Half of what a message may be: JSON needs room around the text and for what it escapes.
constexpr std::size_t kMostText = 500'000;

}  // namespace

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
  std::size_t text = 0;
  for (auto it = records_.rbegin(); it != records_.rend() && found.size() < query.limit; ++it) {
    if (!matches(*it, query)) continue;
    text += it->message.size() + it->logger.size() + 128;  // 128: the other fields and the names
    if (text > kMostText) break;
    found.push_back(*it);
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace vj::log_aggregator
