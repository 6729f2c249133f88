// Tells log records that came before: by another way, or sent again to a late subscriber. Remembers a bounded number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <utility>

#include "base/log_record.hpp"

namespace vj::console {

class SeenRecords {
 public:
  static constexpr std::size_t kRemembered = 20'000;

  // False the second time. A record without a number (of an old Python worker) is always new.
  [[nodiscard]] bool is_new(const LogRecord& record) {
    if (record.pid == 0 || record.seq == 0) return true;
    const std::pair key{record.pid, record.seq};
    if (!seen_.insert(key).second) return false;
    order_.push_back(key);
    if (order_.size() > kRemembered) {
      seen_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

 private:
  std::set<std::pair<int, std::uint64_t>> seen_;
  std::deque<std::pair<int, std::uint64_t>> order_;
};

}  // namespace vj::console
