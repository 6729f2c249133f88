// Where the home folder is: registry, logs, configuration and state of one running system.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace vj::config {

struct HomeHints {
  std::optional<std::string> flag;       // --home
  std::optional<std::string> vj_home;    // VJ_HOME
  std::optional<std::string> user_home;  // HOME
};

// --home, else VJ_HOME, else ~/.vj; empty ones count as not given. Neither made absolute nor looked at.
[[nodiscard]] Result<std::filesystem::path> resolve_home(const HomeHints& hints);

}  // namespace vj::config
