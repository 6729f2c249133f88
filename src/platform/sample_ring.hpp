// Samples on their way from the thread that captures to the one that listens: one writer, one reader, no lock, no
// allocation after construction. What does not fit is dropped and counted: the newest, so that what was taken stays
// whole.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace vj::platform {

class SampleRing {
 public:
  // `capacity` in samples, a power of two.
  explicit SampleRing(std::size_t capacity) : samples_(capacity) {}

  // Writer's side. Real-time safe: yes.
  void write(std::span<const float> samples, Time captured_at) noexcept {
    const auto head = head_.load(std::memory_order_relaxed);
    const auto room = samples_.size() - static_cast<std::size_t>(head - tail_.load(std::memory_order_acquire));
    if (samples.size() > room) {
      overruns_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    const std::size_t mask = samples_.size() - 1;
    for (std::size_t i = 0; i < samples.size(); ++i) samples_[(head + i) & mask] = samples[i];
    const auto mark = mark_count_.load(std::memory_order_relaxed);
    marks_[mark % marks_.size()] = {head + samples.size(), captured_at};
    mark_count_.store(mark + 1, std::memory_order_release);
    head_.store(head + samples.size(), std::memory_order_release);
  }

  // Reader's side: takes all of `out` or nothing.
  [[nodiscard]] bool read(std::span<float> out) noexcept {
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (head_.load(std::memory_order_acquire) - tail < out.size()) return false;
    const std::size_t mask = samples_.size() - 1;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = samples_[(tail + i) & mask];
    tail_.store(tail + out.size(), std::memory_order_release);
    return true;
  }

  // When the last sample that was read had been captured. Reader's side; only while the reader keeps up.
  [[nodiscard]] Time captured_at() noexcept {
    const auto tail = tail_.load(std::memory_order_relaxed);
    const auto written = mark_count_.load(std::memory_order_acquire);
    while (marks_read_ + 1 < written && marks_[marks_read_ % marks_.size()].end < tail) ++marks_read_;
    return marks_[marks_read_ % marks_.size()].at;
  }

  // Reader's side: forgets what has not been read.
  void skip_all() noexcept {
    tail_.store(head_.load(std::memory_order_acquire), std::memory_order_release);
    marks_read_ = std::max<std::uint64_t>(1, mark_count_.load(std::memory_order_acquire)) - 1;
  }

  // Any thread.
  [[nodiscard]] std::uint64_t written() const noexcept { return head_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint64_t overruns() const noexcept { return overruns_.load(std::memory_order_relaxed); }

 private:
  struct Mark {
    std::uint64_t end = 0;
    Time at;
  };

  std::vector<float> samples_;
  std::array<Mark, 1024> marks_{};  // more blocks than the ring can hold
  std::atomic<std::uint64_t> head_{0}, tail_{0}, mark_count_{0}, overruns_{0};
  std::uint64_t marks_read_ = 0;
};

}  // namespace vj::platform
