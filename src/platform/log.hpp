// The log of one process: lines on standard error (which the process manager has pointed at a file), and every record
// to whoever listens, which is how it reaches the bus. Belongs to one thread.
#pragma once

#include <functional>
#include <string>

#include "base/format.hpp"
#include "base/log_record.hpp"

namespace vj::platform {

class Logger {
 public:
  using Listener = std::function<void(const LogRecord&)>;

  // `to_standard_error` false: only listeners get the records (a console draws on the terminal).
  explicit Logger(std::string name, LogLevel level = LogLevel::kInfo, bool to_standard_error = true);

  void set_level(LogLevel level) { level_ = level; }
  [[nodiscard]] LogLevel level() const { return level_; }
  void set_listener(Listener listener) { listener_ = std::move(listener); }

  void log(LogLevel level, std::string message);

  template <class... Args>
  void debug(fmt::format_string<Args...> text, Args&&... args) {
    if (level_ <= LogLevel::kDebug) log(LogLevel::kDebug, fmt::format(text, std::forward<Args>(args)...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> text, Args&&... args) {
    log(LogLevel::kInfo, fmt::format(text, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> text, Args&&... args) {
    log(LogLevel::kWarning, fmt::format(text, std::forward<Args>(args)...));
  }
  template <class... Args>
  void error(fmt::format_string<Args...> text, Args&&... args) {
    log(LogLevel::kError, fmt::format(text, std::forward<Args>(args)...));
  }

 private:
  std::string name_;
  LogLevel level_;
  bool to_standard_error_;
  std::uint64_t next_seq_ = 1;
  Listener listener_;
};

}  // namespace vj::platform
