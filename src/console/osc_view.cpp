#include "console/osc_view.hpp"

#include <algorithm>
#include <utility>

namespace vj::console {
namespace {

bool is_newer(const OscRow& row, const OscRow& than) {
  return std::pair(row.run, row.seq) > std::pair(than.run, than.seq);
}

}  // namespace

void OscView::add(OscRow row) {
  if (row.run == run_ && row.seq <= newest_seq_) return;
  run_ = row.run;
  newest_seq_ = row.seq;
  keep_latest(row);
  if (!following()) return list_.wait(std::move(row));
  const bool is_shown = passes(row);
  (void)list_.append(std::move(row), is_shown);
}

void OscView::keep_latest(const OscRow& row) {
  if (row.address.empty()) return;
  auto found = latest_.find(row.address);
  if (found == latest_.end()) {
    if (latest_.size() == kMostAddresses) return;
    found = latest_.emplace(row.address, OscLatest()).first;
    found->second.row.address = row.address;
    if (following() && shows_latest_) show_latest();
  }
  // What the debugger told of the address may hold this message already.
  if (!is_newer(row, found->second.row)) return;
  found->second.row = row;
  ++found->second.count;
}

void OscView::merge(std::vector<OscLatest> addresses) {
  for (auto& news : addresses) {
    const auto found = latest_.find(news.row.address);
    if (found == latest_.end()) {
      if (latest_.size() == kMostAddresses) continue;
      std::string address = news.row.address;
      latest_.emplace(std::move(address), std::move(news));
      continue;
    }
    auto& known = found->second;
    known.per_second = news.per_second;
    known.count = std::max(known.count, news.count);
    if (!is_newer(known.row, news.row)) known.row = std::move(news.row);
  }
  if (following() && shows_latest_) show_latest();
}

void OscView::clear() {
  list_.clear();
  latest_.clear();
  held_latest_.reset();
  latest_shown_.clear();
  missed_ = 0;
  follow();
}

bool OscView::passes(const OscRow& row) const {
  const std::string& arguments = row.exact.empty() ? row.arguments : row.exact;
  return filter_text_.empty() || filter_.passes(row.address, row.error.empty() ? arguments : row.error);
}

Result<void> OscView::set_filter(std::string_view pattern) {
  auto parsed = osc::MessageFilter::parse(pattern);
  if (!parsed) return std::unexpected(parsed.error());
  filter_ = std::move(*parsed);
  filter_text_ = pattern;
  const bool holds_message = selected_ && *selected_ < list_.size() && !shows_latest_;
  const std::uint64_t id = holds_message ? list_.id(list_.size() - 1 - *selected_) : 0;
  list_.filter_again([this](const OscRow& row) { return passes(row); });
  show_latest();
  if (!selected_) return {};
  // The row that was selected stays so; where it has gone, the next newer one.
  const std::size_t place = list_.place_of(id);
  selected_ = shows_latest_ || place == list_.size() ? 0 : list_.size() - 1 - place;
  top_ = *selected_;
  return {};
}

void OscView::toggle_latest() {
  shows_latest_ = !shows_latest_;
  if (selected_) selected_ = top_ = 0;
  show_latest();
}

void OscView::show_latest() {
  latest_shown_.clear();
  if (!shows_latest_) return;
  for (const auto& [address, latest] : shown_addresses()) {
    if (passes(latest.row)) latest_shown_.push_back(address);
  }
}

const OscRow& OscView::row(std::size_t i) const { return shows_latest_ ? latest(i)->row : list_[list_.size() - 1 - i]; }

const OscLatest* OscView::latest(std::size_t i) const {
  return shows_latest_ ? &shown_addresses().find(latest_shown_[i])->second : nullptr;
}

std::size_t OscView::all() const { return shows_latest_ ? shown_addresses().size() : list_.items().size(); }

std::size_t OscView::top(int rows) const {
  const auto page = static_cast<std::size_t>(std::max(1, rows));
  if (!selected_) return 0;
  std::size_t top = std::min(top_, size() > page ? size() - page : 0);
  // Whatever the room has become, the selected row is in it.
  if (*selected_ < top) top = *selected_;
  if (*selected_ >= top + page) top = *selected_ - page + 1;
  return top;
}

void OscView::select(int step, int rows) {
  if (size() == 0) return;
  if (!selected_) {
    if (step < 0) return;
    hold();
    --step;  // the first step down selects the row at the top
  }
  const auto wanted = static_cast<std::ptrdiff_t>(*selected_) + step;
  if (wanted < 0 && *selected_ == 0) return follow();
  top_ = top(rows);
  selected_ = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(wanted, 0, static_cast<std::ptrdiff_t>(size()) - 1));
  top_ = top(rows);
}

void OscView::scroll(int step, int rows) {
  if (size() == 0 || (!selected_ && step < 0)) return;
  if (!selected_) hold();
  const std::size_t before = top(rows);
  if (before == 0 && step < 0) return follow();
  const auto page = static_cast<std::size_t>(std::max(1, rows));
  const auto last_top = static_cast<std::ptrdiff_t>(size() > page ? size() - page : 0);
  top_ = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(before) + step, 0, last_top));
  selected_ = std::clamp(*selected_, top_, std::min(size(), top_ + page) - 1);
}

void OscView::go_to_end(int rows) {
  if (size() == 0) return;
  if (!selected_) hold();
  selected_ = size() - 1;
  top_ = top(rows);
}

void OscView::hold() {
  if (selected_) return;
  selected_ = top_ = 0;
  held_latest_ = latest_;
  show_latest();
}

void OscView::pause() {
  hold();
  paused_ = true;
}

void OscView::follow() {
  selected_.reset();
  top_ = 0;
  paused_ = false;
  held_latest_.reset();
  auto [rows, lost] = list_.take_waiting();
  missed_ += lost;
  for (auto& row : rows) {
    const bool is_shown = passes(row);
    (void)list_.append(std::move(row), is_shown);
  }
  show_latest();
}

}  // namespace vj::console
