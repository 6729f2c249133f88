#include "console/log_view.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"

namespace vj::console {

void LogView::add(LogLine line) {
  if (following()) {
    append(std::move(line));
  } else {
    lines_.wait(std::move(line));
  }
}

void LogView::append(LogLine line) {
  const bool is_shown = passes(line);
  const std::size_t fell_out = lines_.append(std::move(line), is_shown);
  if (match_) match_ = *match_ < fell_out ? std::nullopt : std::optional(*match_ - fell_out);
}

void LogView::clear() {
  lines_.clear();
  top_.reset();
  match_.reset();
}

bool LogView::passes(const LogLine& line) const { return line.level >= minimum_level_ && filter_.passes(line.text); }

Result<void> LogView::set_filter(std::string_view pattern) {
  auto parsed = LineFilter::parse(pattern);
  if (!parsed) return std::unexpected(parsed.error());
  filter_ = std::move(*parsed);
  filter_again();
  return {};
}

void LogView::set_minimum_level(LogLevel level) {
  minimum_level_ = level;
  filter_again();
}

// A line that was at the top, and still passes, stays there.
void LogView::filter_again() {
  const std::uint64_t id_at_top = top_ && top_->line < size() ? lines_.id(top_->line) : 0;
  lines_.filter_again([this](const LogLine& line) { return passes(line); });
  match_.reset();
  if (top_) top_ = LogPlace{lines_.place_of(id_at_top), 0};
}

void LogView::toggle_wrap() {
  wraps_ = !wraps_;
  if (top_) top_->row = 0;
}

std::vector<TextRow> LogView::rows_of(std::size_t i, int width) const {
  const std::string& text = line(i).text;
  if (!wraps_) return {{0, text.size(), 0}};
  return wrap(text, width, kHangingIndent);
}

// The place `rows` further down (up where negative), within the lines there are.
LogPlace LogView::moved(LogPlace from, int rows, int width) const {
  for (; rows < 0; ++rows) {
    if (from.row > 0) {
      --from.row;
    } else if (from.line > 0) {
      --from.line;
      from.row = rows_of(from.line, width).size() - 1;
    } else {
      break;
    }
  }
  for (; rows > 0 && from.line < size(); --rows) {
    if (from.row + 1 < rows_of(from.line, width).size()) {
      ++from.row;
    } else {
      from = {from.line + 1, 0};
    }
  }
  return from;
}

LogPlace LogView::last_page(TextBox page) const { return moved({size(), 0}, -page.height, page.width); }

LogPlace LogView::top(TextBox page) const {
  const LogPlace last = last_page(page);
  return top_ ? std::min(*top_, last) : last;
}

void LogView::scroll(int rows, TextBox page) {
  const LogPlace from = top(page);
  const LogPlace to = moved(from, rows, page.width);
  if (to >= last_page(page) && rows > 0) {
    follow();
  } else if (to != from) {
    top_ = to;
  }
}

void LogView::go_to_top() {
  if (size() > 0) top_ = LogPlace{};
}

void LogView::follow() {
  top_.reset();
  auto [lines, lost] = lines_.take_waiting();
  if (lost > 0) {
    append({.level = LogLevel::kWarning, .source = {}, .text = format("… {} lines came too fast to keep", lost)});
  }
  for (auto& line : lines) append(std::move(line));
}

void LogView::pause(TextBox page) { top_ = top(page); }

void LogView::go_to_match(bool next, TextBox page) {
  if (size() == 0 || filter_.empty()) return;
  // From the bottom of the page, where the eye is while it follows, n goes to the oldest line and N up from the newest.
  if (!match_) {
    match_ = next ? 0 : size() - 1;
  } else {
    match_ = (*match_ + (next ? 1 : size() - 1)) % size();
  }
  const LogPlace first = top(page);
  const LogPlace end = moved(first, page.height, page.width);
  const LogPlace place{*match_, 0};
  const bool in_view = place >= first && place < end;
  top_ = in_view ? first : std::min(moved(place, -page.height / 2, page.width), last_page(page));
}

std::vector<const LogLine*> LogView::last_of(std::string_view source, std::size_t count) const {
  std::vector<const LogLine*> found;
  const auto look = [&](const std::deque<LogLine>& lines) {
    for (auto line = lines.rbegin(); line != lines.rend() && found.size() < count; ++line) {
      const bool is_about = line->source == source || line->text.find(source) != std::string::npos;
      if (is_about) found.push_back(&*line);
    }
  };
  look(lines_.waiting());
  look(lines_.items());
  std::ranges::reverse(found);
  return found;
}

}  // namespace vj::console
