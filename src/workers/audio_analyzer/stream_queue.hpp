// Second hops whose streams are not said yet, each with the time at which it is due. The newest is all that counts: one
// that a newer one would follow at once, and all but the newest of those that are overdue, are passed over, so that
// after a stall no burst leaves of what nobody needs any more. Pure; times are arguments.
#pragma once

#include <deque>
#include <functional>
#include <optional>

#include "audio/features.hpp"
#include "base/time.hpp"
#include "workers/audio_analyzer/statistics.hpp"

namespace vj::audio_analyzer {

class StreamQueue {
 public:
  struct Entry {
    Time due;
    Time captured_at;
    audio::Features features;
    HopCost cost;
  };

  // `period` from one to the next; `passed_over` has what one cost that will not be said.
  StreamQueue(Duration period, std::function<void(const HopCost&)> passed_over)
      : period_(period), passed_over_(std::move(passed_over)) {}

  // In the order of their times.
  void add(const Entry& entry);
  // The newest that is due.
  [[nodiscard]] std::optional<Entry> take(Time now);
  // When there will be one.
  [[nodiscard]] std::optional<Time> next() const;
  void clear() { entries_.clear(); }

 private:
  Duration period_;
  std::function<void(const HopCost&)> passed_over_;
  std::deque<Entry> entries_;
};

}  // namespace vj::audio_analyzer
