// Which log records are shown, once each, and how. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log_record.hpp"
#include "ctl/style.hpp"

namespace vj::ctl {

// Joins what the aggregator remembers with what comes in meanwhile: live records wait until the history is there. Each
// process sends its newest records again whenever somebody new listens; of those, only what goes on is shown.
class LogView {
 public:
  // Empty `worker`: of every process. `level`: this or worse.
  LogView(std::string worker, LogLevel level) : worker_(std::move(worker)), level_(level) {}

  // What to show now that the history is known (empty where there is none), oldest first.
  [[nodiscard]] std::vector<LogRecord> begin(std::vector<LogRecord> history);

  // What to show of a record that has just come.
  [[nodiscard]] std::optional<LogRecord> live(LogRecord record);

 private:
  [[nodiscard]] bool is_wanted(const LogRecord& record) const;
  [[nodiscard]] bool goes_on(const LogRecord& record);

  std::string worker_;
  LogLevel level_;
  bool has_begun_ = false;
  std::vector<LogRecord> waiting_;
  std::map<std::pair<int, std::string>, std::uint64_t> last_seq_;  // by process
};

// "2026-12-04 21:15:30 - INFO - log_aggregator: text", one line.
[[nodiscard]] std::string log_line(LogRecord record, const Style& style);

}  // namespace vj::ctl
