// The words in which supervision is told: log lines for people, event names for the bus.
#pragma once

#include <string>
#include <string_view>

#include "base/log_record.hpp"
#include "supervision/action.hpp"

namespace vj::supervision {

struct LogLine {
  LogLevel level = LogLevel::kInfo;
  std::string text;

  friend bool operator==(const LogLine&, const LogLine&) = default;
};

[[nodiscard]] LogLine worker_line(std::string_view worker, const Happening&);
[[nodiscard]] LogLine process_manager_line(const Happening&);  // as the console tells it

// "exit code: 1", "exit code: -11", or "exit code unknown".
[[nodiscard]] std::string exit_words(std::optional<int> code);

}  // namespace vj::supervision
