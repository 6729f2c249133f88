#include "workers/audio_analyzer/stream_queue.hpp"

namespace vj::audio_analyzer {

void StreamQueue::add(const Entry& entry) {
  if (!entries_.empty() && entry.due - entries_.back().due < period_ / 2) {
    passed_over_(entries_.back().cost);
    // At the time of the one that it replaces, or many in a row would put each other off.
    const Time due = entries_.back().due;
    entries_.back() = entry;
    entries_.back().due = due;
    return;
  }
  entries_.push_back(entry);
}

std::optional<StreamQueue::Entry> StreamQueue::take(Time now) {
  std::optional<Entry> newest;
  while (!entries_.empty() && entries_.front().due <= now) {
    if (newest) passed_over_(newest->cost);
    newest = entries_.front();
    entries_.pop_front();
  }
  return newest;
}

std::optional<Time> StreamQueue::next() const {
  return entries_.empty() ? std::nullopt : std::optional(entries_.front().due);
}

}  // namespace vj::audio_analyzer
