#include "workers/osc_debugger/rate_meter.hpp"

#include <algorithm>

namespace vj::osc_debugger {

void RateMeter::add(Time now) {
  const auto slot = slot_at(now);
  const auto passed = std::min<std::int64_t>(slot - newest_, kSlots);
  for (std::int64_t i = 0; i < passed; ++i) counts_[static_cast<std::size_t>(slot - i) % kSlots] = 0;
  newest_ = slot;
  ++counts_[static_cast<std::size_t>(slot) % kSlots];
}

double RateMeter::per_second(Time now) const {
  const auto slot = slot_at(now);
  double sum = 0;
  for (std::int64_t i = slot - static_cast<std::int64_t>(kSlots) + 1; i < slot; ++i) {
    if (i <= newest_ && i > newest_ - static_cast<std::int64_t>(kSlots))
      sum += counts_[static_cast<std::size_t>(i) % kSlots];
  }
  return sum;
}

}  // namespace vj::osc_debugger
