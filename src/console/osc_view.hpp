// The OSC messages that were heard, newest first, or the latest of each address; with a filter and a selected row.
// While it follows, the newest stand at the top; once somebody moves down or pauses, what is on the screen stays there,
// also when more comes than is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/held_list.hpp"
#include "console/osc_row.hpp"
#include "osc/message_filter.hpp"

namespace vj::console {

class OscView {
 public:
  static constexpr std::size_t kCapacity = 5000;  // of the rows, and again of those that wait
  static constexpr std::size_t kMostBytes = 8 << 20;
  static constexpr std::size_t kMostAddresses = 2000;

  // In the order of their numbers; one that came before is passed over.
  void add(OscRow row);
  // What the debugger knows of every address; a row of it that is older than ours is passed over.
  void merge(std::vector<OscLatest> addresses);
  // `count` messages came and cannot be shown.
  void miss(std::uint64_t count) { missed_ += count; }
  void clear();

  // As people type it, see osc/message_filter.hpp. A pattern that is refused changes nothing.
  [[nodiscard]] Result<void> set_filter(std::string_view pattern);
  void toggle_latest();

  // `rows` is the room on the screen. Moving up from the newest follows again.
  void select(int step, int rows);
  void scroll(int step, int rows);
  void go_to_end(int rows);
  void hold();   // with the row at the top selected
  void pause();  // the same, and nothing moves until it follows again
  void follow();

  [[nodiscard]] bool following() const { return !selected_.has_value(); }
  [[nodiscard]] bool paused() const { return paused_; }
  [[nodiscard]] bool shows_latest() const { return shows_latest_; }
  [[nodiscard]] const std::string& filter() const { return filter_text_; }

  // What is shown; 0 is at the top.
  [[nodiscard]] std::size_t size() const { return shows_latest_ ? latest_shown_.size() : list_.size(); }
  [[nodiscard]] const OscRow& row(std::size_t i) const;
  [[nodiscard]] const OscLatest* latest(std::size_t i) const;  // null where single messages are shown
  [[nodiscard]] std::optional<std::size_t> selected() const { return selected_; }
  [[nodiscard]] std::size_t top(int rows) const;  // the first row to draw

  [[nodiscard]] std::size_t all() const;  // shown or not
  [[nodiscard]] std::size_t waiting() const { return list_.waiting_count(); }
  [[nodiscard]] std::uint64_t missed() const { return missed_; }

 private:
  using Addresses = std::map<std::string, OscLatest, std::less<>>;

  [[nodiscard]] bool passes(const OscRow& row) const;
  [[nodiscard]] const Addresses& shown_addresses() const { return held_latest_ ? *held_latest_ : latest_; }
  void keep_latest(const OscRow& row);
  void show_latest();

  HeldList<OscRow> list_{kCapacity, kMostBytes};
  std::uint64_t run_ = 0;
  std::uint64_t newest_seq_ = 0;
  Addresses latest_;
  std::optional<Addresses> held_latest_;   // as they were when somebody held them
  std::vector<std::string> latest_shown_;  // the addresses that pass, while they are shown
  std::optional<std::size_t> selected_;
  std::size_t top_ = 0;
  bool paused_ = false;
  bool shows_latest_ = false;
  std::string filter_text_;
  osc::MessageFilter filter_;
  std::uint64_t missed_ = 0;
};

}  // namespace vj::console
