// The newest captures in their order, never more than fit into its bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "workers/osc_debugger/capture.hpp"

namespace vj::osc_debugger {

class CaptureRing {
 public:
  CaptureRing(std::size_t most_captures, std::size_t most_bytes)
      : most_captures_(most_captures), most_bytes_(most_bytes) {}

  // Gives it the next number, which it returns.
  std::uint64_t add(Capture capture);
  // Forgets them all; the numbers go on.
  void clear();

  [[nodiscard]] const std::deque<Capture>& captures() const { return captures_; }  // oldest first
  // The first capture whose number is higher than `seq`.
  [[nodiscard]] std::deque<Capture>::const_iterator after(std::uint64_t seq) const;
  [[nodiscard]] std::uint64_t total() const { return next_seq_ - 1; }

 private:
  std::size_t most_captures_, most_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t next_seq_ = 1;
  std::deque<Capture> captures_;
};

}  // namespace vj::osc_debugger
