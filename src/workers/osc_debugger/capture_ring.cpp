#include "workers/osc_debugger/capture_ring.hpp"

#include <algorithm>

namespace vj::osc_debugger {

std::uint64_t CaptureRing::add(Capture capture) {
  capture.seq = next_seq_++;
  bytes_ += capture.bytes.size();
  captures_.push_back(std::move(capture));
  while (captures_.size() > most_captures_ || (bytes_ > most_bytes_ && captures_.size() > 1)) {
    bytes_ -= captures_.front().bytes.size();
    captures_.pop_front();
  }
  return next_seq_ - 1;
}

void CaptureRing::clear() {
  captures_.clear();
  bytes_ = 0;
}

std::deque<Capture>::const_iterator CaptureRing::after(std::uint64_t seq) const {
  return std::ranges::upper_bound(captures_, seq, {}, &Capture::seq);
}

}  // namespace vj::osc_debugger
