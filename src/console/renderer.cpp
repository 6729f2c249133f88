#include "console/renderer.hpp"

#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <ftxui/screen/string.hpp>

#include "base/format.hpp"

namespace vj::console {
namespace {

constexpr std::string_view kBeginUpdate = "\x1b[?2026h";
constexpr std::string_view kEndUpdate = "\x1b[?2026l";
constexpr std::string_view kClear = "\x1b[0m\x1b[2J";

// Rewriting this many unchanged cells is shorter than the sequence that steps over them.
constexpr std::size_t kShortGap = 4;

// FTXUI's cells row by row. Its own access to a cell is a call that checks the place, which costs more than comparing
// the cell does.
struct Cells : ftxui::Screen {
  static const std::vector<std::vector<ftxui::Pixel>>& of(const ftxui::Screen& screen) {
    return screen.*&Cells::pixels_;
  }
};
using Row = std::vector<ftxui::Pixel>;

static_assert(std::has_unique_object_representations_v<ftxui::Color>);
bool same_color(const ftxui::Color& a, const ftxui::Color& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

bool same_style(const ftxui::Pixel& a, const ftxui::Pixel& b) {
  return a.bold == b.bold && a.dim == b.dim && a.inverted == b.inverted && a.underlined == b.underlined &&
         same_color(a.foreground_color, b.foreground_color) && same_color(a.background_color, b.background_color);
}

bool same_cell(const ftxui::Pixel& a, const ftxui::Pixel& b) { return a.character == b.character && same_style(a, b); }

struct Glyph {
  std::string_view text;
  int width;
};

bool has_room_for_two(const Row& row, std::size_t x) { return x + 1 < row.size() && row[x + 1].character.empty(); }

// What really goes into the cell: FTXUI leaves an empty cell behind a wide glyph, and may have drawn over either half.
Glyph glyph_at(const Row& row, std::size_t x) {
  const auto& text = row[x].character;
  if (text.empty()) return {" ", 1};
  if (text.size() == 1) return {text, 1};
  const int width = ftxui::string_width(text);
  if (width == 1) return {text, 1};
  if (width == 2 && has_room_for_two(row, x)) return {text, 2};
  return {" ", 1};
}

// Where the terminal's cursor is and how it would draw the next glyph.
class Pen {
 public:
  Pen(std::string& out, ColorDepth depth) : out_(out), depth_(depth) {}

  void draw(const Row& row, std::size_t x, std::size_t y) {
    move_to(row, x, y);
    put(row, x, y);
  }

 private:
  void put(const Row& row, std::size_t x, std::size_t y) {
    set_style(row[x]);
    const Glyph glyph = glyph_at(row, x);
    out_ += glyph.text;
    // Terminals disagree about the width of some emoji, so nothing is assumed about where a wide glyph leaves the
    // cursor. At the right edge it may be pending a wrap.
    x_ = glyph.width == 1 && x + 1 < row.size() ? x + 1 : kNowhere;
    y_ = y;
  }

  void move_to(const Row& row, std::size_t x, std::size_t y) {
    if (y == y_ && x == x_) return;
    if (y == y_ && x_ < x && x - x_ < kShortGap && can_rewrite(row, x)) {
      while (x_ < x) put(row, x_, y);
    } else if (y == y_) {
      out_ += format("\x1b[{}G", x + 1);
    } else {
      out_ += format("\x1b[{};{}H", y + 1, x + 1);
    }
  }

  bool can_rewrite(const Row& row, std::size_t x) const {
    for (std::size_t i = x_; i < x; ++i) {
      if (row[i].character.size() != 1 || style_ == nullptr || !same_style(row[i], *style_)) return false;
    }
    return true;
  }

  void set_style(const ftxui::Pixel& cell) {
    if (depth_ == ColorDepth::kPlain || (style_ != nullptr && same_style(cell, *style_))) return;
    out_ += "\x1b[0";
    if (cell.bold) out_ += ";1";
    if (cell.dim) out_ += ";2";
    if (cell.underlined) out_ += ";4";
    if (cell.inverted) out_ += ";7";
    if (depth_ != ColorDepth::kNone) {
      if (cell.foreground_color != ftxui::Color::Default) out_ += ";" + cell.foreground_color.Print(false);
      if (cell.background_color != ftxui::Color::Default) out_ += ";" + cell.background_color.Print(true);
    }
    out_ += 'm';
    style_ = &cell;
  }

  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

  std::string& out_;
  ColorDepth depth_;
  std::size_t x_ = kNowhere;
  std::size_t y_ = kNowhere;
  const ftxui::Pixel* style_ = nullptr;  // a cell that is drawn as the next glyph would be; null: not known
};

bool is_second_half(const Row& row, std::size_t x) {
  return x > 0 && row[x].character.empty() && glyph_at(row, x - 1).width == 2;
}

// The glass shows the cell as it should be. The cell itself may be as before while the wide glyph it belongs to, or
// covers, is torn or whole again.
bool already_shown(const Row& before, const Row& now, std::size_t x) {
  if (!same_cell(before[x], now[x])) return false;
  const auto& text = now[x].character;
  if (text.empty()) return is_second_half(before, x) == is_second_half(now, x);
  return text.size() == 1 || has_room_for_two(before, x) == has_room_for_two(now, x) || ftxui::string_width(text) == 1;
}

}  // namespace

std::string Renderer::update(ftxui::Screen frame) {
  const bool everything = !shown_ || shown_->dimx() != frame.dimx() || shown_->dimy() != frame.dimy();
  std::string out(kBeginUpdate);
  if (everything) out += kClear;
  const std::size_t nothing = out.size();
  Pen pen(out, depth_);
  const auto& rows = Cells::of(frame);
  for (std::size_t y = 0; y < rows.size(); ++y) {
    const Row& row = rows[y];
    for (std::size_t x = 0; x < row.size(); ++x) {
      if (!everything && already_shown(Cells::of(*shown_)[y], row, x)) continue;
      if (!is_second_half(row, x)) pen.draw(row, x, y);
    }
  }
  const bool changed = everything || out.size() > nothing;
  shown_ = std::move(frame);
  if (!changed) return {};
  out += depth_ == ColorDepth::kPlain ? "" : "\x1b[0m";
  out += kEndUpdate;
  return out;
}

}  // namespace vj::console
