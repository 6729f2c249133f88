// How many a second, over the last second: counts in quarters, so that a rate neither jumps nor lags.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"

namespace vj::osc_debugger {

class RateMeter {
 public:
  void add(Time now);
  [[nodiscard]] double per_second(Time now) const;

 private:
  static constexpr Duration kSlot = 250ms;
  static constexpr std::size_t kSlots = 5;  // four that are complete, and the one that is being filled

  [[nodiscard]] static std::int64_t slot_at(Time now) { return now.time_since_epoch() / kSlot; }

  std::array<std::uint32_t, kSlots> counts_{};
  std::int64_t newest_ = 0;
};

}  // namespace vj::osc_debugger
