// A list of log lines with its filter and its place in them. While it follows, the newest line is at the bottom; once
// somebody scrolls up or pauses, what is on the screen stays there: new lines wait, and overflow takes from those.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/log_record.hpp"
#include "console/held_list.hpp"
#include "console/line_filter.hpp"
#include "console/text_layout.hpp"

namespace vj::console {

struct LogLine {
  LogLevel level = LogLevel::kInfo;
  std::string source;  // the process it comes from
  std::string text;    // "2025-12-04 21:15:30 - INFO - …", printable, one line

  [[nodiscard]] std::size_t bytes() const { return source.size() + text.size(); }

  friend bool operator==(const LogLine&, const LogLine&) = default;
};

// One row on the screen: of the `line`th line that is shown, the `row`th of its rows.
struct LogPlace {
  std::size_t line = 0;
  std::size_t row = 0;

  friend auto operator<=>(const LogPlace&, const LogPlace&) = default;
};

class LogView {
 public:
  static constexpr std::size_t kCapacity = 5000;  // of the lines, and again of those that wait
  static constexpr std::size_t kMostBytes = 20 << 20;
  static constexpr int kHangingIndent = 2;

  void add(LogLine line);
  void clear();

  // A pattern that is refused changes nothing.
  [[nodiscard]] Result<void> set_filter(std::string_view pattern);
  void set_minimum_level(LogLevel level);
  void toggle_wrap();

  // `page` is the room on the screen. Scrolling down to the end follows again.
  void scroll(int rows, TextBox page);
  void go_to_top();
  void follow();
  void pause(TextBox page);

  // The next (or the previous) line that matches the filter, brought into view.
  void go_to_match(bool next, TextBox page);

  [[nodiscard]] bool following() const { return !top_.has_value(); }
  [[nodiscard]] bool wraps() const { return wraps_; }
  [[nodiscard]] LogLevel minimum_level() const { return minimum_level_; }
  [[nodiscard]] const LineFilter& filter() const { return filter_; }
  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  [[nodiscard]] const LogLine& line(std::size_t i) const { return lines_[i]; }
  [[nodiscard]] std::vector<TextRow> rows_of(std::size_t i, int width) const;
  // How many came since it stopped following.
  [[nodiscard]] std::size_t waiting() const { return lines_.waiting_count(); }
  [[nodiscard]] std::optional<std::size_t> match() const { return match_; }

  // The first row to draw so that `page` is filled, as far as there are lines.
  [[nodiscard]] LogPlace top(TextBox page) const;

  // The last `count` lines of one process, oldest first.
  [[nodiscard]] std::vector<const LogLine*> last_of(std::string_view source, std::size_t count) const;

 private:
  [[nodiscard]] bool passes(const LogLine& line) const;
  [[nodiscard]] LogPlace last_page(TextBox page) const;
  [[nodiscard]] LogPlace moved(LogPlace from, int rows, int width) const;
  void append(LogLine line);
  void filter_again();

  HeldList<LogLine> lines_{kCapacity, kMostBytes};
  std::optional<LogPlace> top_;
  std::optional<std::size_t> match_;
  LineFilter filter_;
  LogLevel minimum_level_ = LogLevel::kDebug;
  bool wraps_ = true;
};

}  // namespace vj::console
