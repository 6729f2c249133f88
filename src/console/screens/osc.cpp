#include <cmath>

#include <ftxui/dom/elements.hpp>
#include <ftxui/dom/node.hpp>

#include "base/format.hpp"
#include "console/geometry.hpp"
#include "console/osc_header.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::Color;

// How wide each column is; 0: there is no room for it.
struct Columns {
  int time = 12;
  int peer = 15;
  int address = 27;  // with the rate at its right end
  int types = 5;
  int count = 0;
};

Columns columns_for(int width, bool shows_latest) {
  if (width <= kOneColumn) return {.time = 8, .peer = 0, .address = 0, .types = 0, .count = 0};
  if (width < kWide - 4) return {.time = 8, .peer = 12, .address = 23, .types = 5, .count = 0};
  const int more = std::min(10, (width - (kWide - 4)) / 4);
  return {.time = 12, .peer = 12 + more, .address = 24 + more, .types = 5, .count = shows_latest ? 10 : 0};
}

// Of an address that came in the port matters most: a short one is without this machine's own address, and what is too
// long is cut in front.
std::string peer_text(const OscRow& row, int width) {
  static constexpr std::string_view kThisMachine = "127.0.0.1:";
  if (row.is_out || cells(row.peer) <= width) return cut(row.peer, width);
  if (row.peer.starts_with(kThisMachine)) return row.peer.substr(kThisMachine.size() - 1);
  return "…" + row.peer.substr(row.peer.size() - std::min(row.peer.size(), static_cast<std::size_t>(width - 1)));
}

// Draws the rows there is room for, and builds no others.
class OscList : public ftxui::Node {
 public:
  explicit OscList(const Model& model) : model_(model), is_current_(hears_osc(model)) {}

  void ComputeRequirement() override {
    requirement_.min_x = 10;
    requirement_.min_y = 1;
    requirement_.flex_grow_x = requirement_.flex_grow_y = 1;
    requirement_.flex_shrink_x = requirement_.flex_shrink_y = 1;
  }

  void Render(ftxui::Screen& screen) override {
    const OscView& osc = model_.osc;
    const Columns columns = columns_for(box_.x_max - box_.x_min + 1, osc.shows_latest());
    std::size_t i = osc.top(box_.y_max - box_.y_min + 1);
    for (int y = box_.y_min; y <= box_.y_max && i < osc.size(); ++y, ++i) {
      if (i == osc.selected()) paint_selected(screen, y);
      draw_row(screen, y, columns, osc.row(i), osc.latest(i));
    }
  }

 private:
  void paint_selected(ftxui::Screen& screen, int y) const {
    for (int x = box_.x_min; x <= box_.x_max; ++x) screen.PixelAt(x, y).background_color = theme::selected_color();
    draw(screen, box_.x_min - 1, y, box_.x_min, "▸");  // on the panel's margin
  }

  // Old news is faint altogether.
  [[nodiscard]] Color shade(Color color) const { return is_current_ ? color : Color(Color::GrayDark); }

  void draw_row(ftxui::Screen& screen, int y, const Columns& columns, const OscRow& row,
                const OscLatest* latest) const {
    const Duration offset = model_.setup.utc_offset;
    int x = box_.x_min;
    const auto column = [&](std::string_view text, int width, Color color) {
      if (width == 0) return;
      draw(screen, x, y, box_.x_max, cut(text, width), shade(color));
      x += width + 1;
    };
    column(columns.time < 12 ? clock_second(row.time, offset) : clock_millisecond(row.time, offset), columns.time,
           Color::GrayDark);
    const bool says_direction = columns.peer > 0 || !row.is_out;
    if (says_direction) column(row.is_out ? "out" : "in", columns.peer > 0 ? 3 : 2, Color::GrayDark);
    if (columns.peer > 0) column(peer_text(row, columns.peer), columns.peer, Color::Default);
    if (!row.error.empty()) {
      draw_malformed(screen, x, y, columns, row);
      return;
    }
    const std::string rate = rate_words(row, latest);
    draw_address(screen, x, y, columns, row.address, rate);
    x += (columns.address > 0 ? columns.address : std::min(cells(row.address), box_.x_max - x)) + 1;
    column(row.types, columns.types, Color::GrayDark);
    if (latest != nullptr) column(right_aligned(grouped(latest->count), columns.count), columns.count, Color::Default);
    draw_arguments(screen, x, y, row);
  }

  void draw_malformed(ftxui::Screen& screen, int x, int y, const Columns& columns, const OscRow& row) const {
    const Color red = shade(Color::Red);
    const int end = draw(screen, x, y, box_.x_max, "✗ malformed", red);
    x = std::max(end + 1, x + columns.address + 1);
    const std::string words = row.packet.empty() ? row.error : format("{}   {}", row.error, row.packet);
    draw(screen, x, y, box_.x_max, cut(words, box_.x_max - x + 1), red);
  }

  // The address comes first; the rate stands at the right end where it leaves room.
  void draw_address(ftxui::Screen& screen, int x, int y, const Columns& columns, const std::string& address,
                    const std::string& rate) const {
    const int width = columns.address > 0 ? columns.address : box_.x_max - x + 1;
    draw(screen, x, y, box_.x_max, cut(address, width), shade(Color::Cyan));
    const bool has_room = columns.address > 0 && !rate.empty() && cells(address) + 1 + cells(rate) <= width;
    if (has_room) draw(screen, x + width - cells(rate), y, box_.x_max, rate, shade(Color::GrayDark));
  }

  void draw_arguments(ftxui::Screen& screen, int x, int y, const OscRow& row) const {
    std::string odd = row.note.empty() ? "" : format("({})", row.note);
    if (!row.time_tag.empty()) odd = format("@{}{}{}", row.time_tag, odd.empty() ? "" : "  ", odd);
    x = draw(screen, x, y, box_.x_max, cut_arguments(row.arguments, box_.x_max - x + 1), shade(Color::Default));
    if (odd.empty()) return;
    x += row.arguments.empty() ? 0 : 2;
    draw(screen, x, y, box_.x_max, cut(odd, box_.x_max - x + 1), shade(Color::Yellow));
  }

  [[nodiscard]] std::string rate_words(const OscRow& row, const OscLatest* latest) const {
    if (!model_.osc_stats || row.address.empty()) return {};
    const auto& rates = model_.osc_stats->rates;
    const auto found = rates.find(row.address);
    const double rate = found != rates.end() ? found->second : latest != nullptr ? latest->per_second : 0;
    return rate >= 0.5 ? format("{}/s", std::lround(rate)) : "";
  }

  const Model& model_;
  bool is_current_;
};

Element header(const Model& model) {
  Elements lines;
  for (const auto& parts : osc_header(model)) {
    Elements row;
    for (const auto& part : parts) {
      if (!row.empty()) row.push_back(ftxui::text("  "));
      row.push_back(line(part.text) | (part.health == Health::kGood ? theme::number() : theme::of(part.health)));
    }
    lines.push_back(ftxui::hbox(std::move(row)));
  }
  if (model.size.columns >= kWide) lines.push_back(ftxui::text(""));
  return ftxui::vbox(std::move(lines));
}

std::string corner_of(const OscView& osc) {
  if (osc.following()) return {};
  const std::string news = osc.waiting() > 0 ? format("+{} new, ", osc.waiting()) : "";
  return osc.paused() ? format("paused, {}Space goes on", news) : format("{}G follows", news.empty() ? "held, " : news);
}

std::string nothing_to_show(const Model& model) {
  if (!model.osc.filter().empty() && model.osc.all() > 0) return "no message passes the filter";
  const int tap = model.osc_stats ? model.osc_stats->tap : 0;
  return tap > 0 ? format("nothing heard yet; whatever is sent to 127.0.0.1:{} is shown here", tap)
                 : "nothing heard yet";
}

}  // namespace

Element osc_screen(const Model& model) {
  const bool knows_nothing = model.osc.all() == 0 && !hears_osc(model);
  if (knows_nothing) return waiting_panel(model, "OSC Debug", "osc_debugger");
  Element list = model.osc.size() > 0 ? std::make_shared<OscList>(model)
                                      : line(nothing_to_show(model)) | theme::faint() | ftxui::flex;
  return panel(model.osc.shows_latest() ? "OSC Debug: latest per address" : "OSC Debug",
               ftxui::vbox({header(model), std::move(list)}), corner_of(model.osc));
}

}  // namespace vj::console
