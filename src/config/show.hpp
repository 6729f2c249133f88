// An effective configuration for people and programs: as TOML that loads to the same Config, or as flat settings.
// Variables given to workers are hidden where their name speaks of a secret; those alone do not come back.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace vj::config {

using Value =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<std::string>>;

struct Setting {
  std::string key;  // "console.fps", "worker.log_aggregator.ports.command", "osc.target.visuals.port"
  Value value;

  friend bool operator==(const Setting&, const Setting&) = default;
};

// A worker shows what differs from [process_manager] and [log], and its command, state and ports always.
[[nodiscard]] std::vector<Setting> settings_of(const Config& config);

[[nodiscard]] std::string to_toml(const Config& config);
[[nodiscard]] std::string to_toml(const Value& value);

}  // namespace vj::config
