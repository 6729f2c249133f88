#include "workers/osc_debugger/address_table.hpp"

namespace vj::osc_debugger {

void AddressTable::add(std::string_view address, const Capture& capture, Time now) {
  auto found = addresses_.find(address);
  if (found == addresses_.end()) {
    if (addresses_.size() == most_addresses_) {
      ++uncounted_;
      return;
    }
    found = addresses_.emplace(std::string(address), AddressStats()).first;
  }
  auto& stats = found->second;
  ++stats.count;
  stats.rate.add(now);
  stats.last = capture;
}

void AddressTable::clear() {
  addresses_.clear();
  uncounted_ = 0;
}

}  // namespace vj::osc_debugger
