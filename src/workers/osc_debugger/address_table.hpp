// What is known of each address: how often, how fast, and what came last. Bounded, because addresses come from outside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.hpp"
#include "workers/osc_debugger/capture.hpp"
#include "workers/osc_debugger/rate_meter.hpp"

namespace vj::osc_debugger {

struct AddressStats {
  std::uint64_t count = 0;
  RateMeter rate;
  Capture last;
};

class AddressTable {
 public:
  explicit AddressTable(std::size_t most_addresses) : most_addresses_(most_addresses) {}

  void add(std::string_view address, const Capture& capture, Time now);
  void clear();

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Map = std::unordered_map<std::string, AddressStats, Hash, std::equal_to<>>;

  [[nodiscard]] const Map& addresses() const { return addresses_; }
  // Messages whose address there was no more room for.
  [[nodiscard]] std::uint64_t uncounted() const { return uncounted_; }

 private:
  std::size_t most_addresses_;
  std::uint64_t uncounted_ = 0;
  Map addresses_;
};

}  // namespace vj::osc_debugger
