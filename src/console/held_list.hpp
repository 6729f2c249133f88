// A bounded list of which a filter shows a part, oldest first. While somebody holds it still, what comes waits in a
// list of its own, so that what is on the screen stays there: overflow takes from what waits. It decides nothing about
// rows or pages.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace vj::console {

// `Item` says by bytes() how much it holds. Both bounds count twice: for the list, and for what waits.
template <class Item>
class HeldList {
 public:
  HeldList(std::size_t most_items, std::size_t most_bytes) : most_items_(most_items), most_bytes_(most_bytes) {}

  // `passes`: whether the filter shows it. Returns how many that were shown fell out at the old end.
  std::size_t append(Item item, bool passes) {
    if (passes) shown_.push_back(first_id_ + items_.size());
    bytes_ += item.bytes();
    items_.push_back(std::move(item));
    std::size_t fell_out = 0;
    while (is_over(items_, bytes_)) {
      if (!shown_.empty() && shown_.front() == first_id_) {
        shown_.pop_front();
        ++fell_out;
      }
      bytes_ -= items_.front().bytes();
      items_.pop_front();
      ++first_id_;
    }
    return fell_out;
  }

  void wait(Item item) {
    waiting_bytes_ += item.bytes();
    waiting_.push_back(std::move(item));
    while (is_over(waiting_, waiting_bytes_)) {
      waiting_bytes_ -= waiting_.front().bytes();
      waiting_.pop_front();
      ++overflowed_;
    }
  }

  // What waited, oldest first; `lost` came before it and had to go.
  struct Waited {
    std::deque<Item> items;
    std::size_t lost = 0;
  };
  [[nodiscard]] Waited take_waiting() {
    waiting_bytes_ = 0;
    return {std::exchange(waiting_, {}), std::exchange(overflowed_, 0)};
  }

  void clear() {
    first_id_ += items_.size();
    items_.clear();
    shown_.clear();
    bytes_ = 0;
    (void)take_waiting();
  }

  template <class Passes>
  void filter_again(Passes passes) {
    shown_.clear();
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (passes(items_[i])) shown_.push_back(first_id_ + i);
    }
  }

  // Of what is shown: the number stays with the item when the filter changes.
  [[nodiscard]] std::size_t size() const { return shown_.size(); }
  [[nodiscard]] const Item& operator[](std::size_t i) const {
    return items_[static_cast<std::size_t>(shown_[i] - first_id_)];
  }
  [[nodiscard]] std::uint64_t id(std::size_t i) const { return shown_[i]; }
  // The first that is shown and whose number is not lower.
  [[nodiscard]] std::size_t place_of(std::uint64_t id) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(shown_, id) - shown_.begin());
  }

  [[nodiscard]] const std::deque<Item>& items() const { return items_; }      // also what is not shown
  [[nodiscard]] const std::deque<Item>& waiting() const { return waiting_; }  // as far as it was kept
  [[nodiscard]] std::size_t waiting_count() const { return waiting_.size() + overflowed_; }

 private:
  [[nodiscard]] bool is_over(const std::deque<Item>& items, std::size_t bytes) const {
    return items.size() > most_items_ || (bytes > most_bytes_ && items.size() > 1);
  }

  std::size_t most_items_, most_bytes_;
  std::deque<Item> items_;
  std::size_t bytes_ = 0;
  std::uint64_t first_id_ = 0;       // of items_.front()
  std::deque<std::uint64_t> shown_;  // numbers of the items that pass
  std::deque<Item> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t overflowed_ = 0;  // waited, and had to go
};

}  // namespace vj::console
