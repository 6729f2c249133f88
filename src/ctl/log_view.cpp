#include "ctl/log_view.hpp"

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::ctl {
namespace {

Color color_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return Color::kDim;
    case LogLevel::kInfo:
      return Color::kPlain;
    case LogLevel::kWarning:
      return Color::kYellow;
    case LogLevel::kError:
      return Color::kRed;
  }
  return Color::kPlain;
}

}  // namespace

bool LogView::is_wanted(const LogRecord& record) const {
  return record.level >= level_ && (worker_.empty() || record.logger == worker_);
}

bool LogView::goes_on(const LogRecord& record) {
  if (record.seq == 0) return true;  // of a process that does not number them
  std::uint64_t& last = last_seq_[{record.pid, record.logger}];
  if (record.seq <= last) return false;
  last = record.seq;
  return true;
}

std::vector<LogRecord> LogView::begin(std::vector<LogRecord> history) {
  has_begun_ = true;
  for (LogRecord& record : waiting_) history.push_back(std::move(record));
  waiting_.clear();
  std::erase_if(history, [this](const LogRecord& record) { return !goes_on(record) || !is_wanted(record); });
  return history;
}

std::optional<LogRecord> LogView::live(LogRecord record) {
  if (!has_begun_) {
    waiting_.push_back(std::move(record));
    return std::nullopt;
  }
  if (!goes_on(record) || !is_wanted(record)) return std::nullopt;
  return record;
}

std::string log_line(LogRecord record, const Style& style) {
  const Color color = color_of(record.level);
  record.message = printable(format("{}: {}", record.logger, record.message));
  return style.paint(color, format_log_line(record));
}

}  // namespace vj::ctl
