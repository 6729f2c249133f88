#include "console/renderer.hpp"

#include <string_view>
#include <utility>

#include <ftxui/screen/string.hpp>

#include "base/format.hpp"

namespace vj::console {
namespace {

constexpr std::string_view kBeginUpdate = "\x1b[?2026h";
constexpr std::string_view kEndUpdate = "\x1b[?2026l";
constexpr std::string_view kClear = "\x1b[0m\x1b[2J";

// Rewriting this many unchanged cells is shorter than the sequence that steps over them.
constexpr int kShortGap = 4;

bool same_style(const ftxui::Pixel& a, const ftxui::Pixel& b) {
  return a.bold == b.bold && a.dim == b.dim && a.inverted == b.inverted && a.underlined == b.underlined &&
         a.foreground_color == b.foreground_color && a.background_color == b.background_color;
}

bool same_cell(const ftxui::Pixel& a, const ftxui::Pixel& b) { return a.character == b.character && same_style(a, b); }

struct Glyph {
  std::string_view text;
  int width;
};

// What really goes into the cell: FTXUI leaves an empty cell behind a wide glyph, and may have drawn over either half.
Glyph glyph_at(const ftxui::Screen& frame, int x, int y) {
  const auto& text = frame.PixelAt(x, y).character;
  if (text.empty()) return {" ", 1};
  if (text.size() == 1) return {text, 1};
  const int width = ftxui::string_width(text);
  if (width == 1) return {text, 1};
  const bool has_room = x + 1 < frame.dimx() && frame.PixelAt(x + 1, y).character.empty();
  if (width == 2 && has_room) return {text, 2};
  return {" ", 1};
}

// Where the terminal's cursor is and how it would draw the next glyph.
class Pen {
 public:
  Pen(std::string& out, ColorDepth depth) : out_(out), depth_(depth) {}

  void draw(const ftxui::Screen& frame, int x, int y) {
    move_to(frame, x, y);
    put(frame, x, y);
  }

 private:
  void put(const ftxui::Screen& frame, int x, int y) {
    set_style(frame.PixelAt(x, y));
    const Glyph glyph = glyph_at(frame, x, y);
    out_ += glyph.text;
    // Terminals disagree about the width of some emoji, so nothing is assumed about where a wide glyph leaves the
    // cursor. At the right edge it may be pending a wrap.
    x_ = glyph.width == 1 && x + 1 < frame.dimx() ? x + 1 : -1;
    y_ = y;
  }

  void move_to(const ftxui::Screen& frame, int x, int y) {
    if (y == y_ && x_ >= 0 && x >= x_ && x - x_ < kShortGap && can_rewrite(frame, x, y)) {
      while (x_ < x) put(frame, x_, y);
    } else if (y == y_) {
      out_ += format("\x1b[{}G", x + 1);
    } else {
      out_ += format("\x1b[{};{}H", y + 1, x + 1);
    }
  }

  bool can_rewrite(const ftxui::Screen& frame, int x, int y) const {
    for (int i = x_; i < x; ++i) {
      const auto& cell = frame.PixelAt(i, y);
      if (cell.character.size() != 1 || !style_ || !same_style(cell, *style_)) return false;
    }
    return true;
  }

  void set_style(const ftxui::Pixel& cell) {
    if (depth_ == ColorDepth::kPlain || (style_ && same_style(cell, *style_))) return;
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
    style_ = cell;
  }

  std::string& out_;
  ColorDepth depth_;
  int x_ = -1;
  int y_ = -1;
  std::optional<ftxui::Pixel> style_;
};

bool is_second_half(const ftxui::Screen& frame, int x, int y) {
  return x > 0 && frame.PixelAt(x, y).character.empty() && glyph_at(frame, x - 1, y).width == 2;
}

// The glass shows the cell as it should be. The cell itself may be as before while the wide glyph it belongs to, or
// covers, is torn or whole again.
bool already_shown(const ftxui::Screen& before, const ftxui::Screen& now, int x, int y) {
  return same_cell(before.PixelAt(x, y), now.PixelAt(x, y)) &&
         glyph_at(before, x, y).width == glyph_at(now, x, y).width &&
         is_second_half(before, x, y) == is_second_half(now, x, y);
}

}  // namespace

std::string Renderer::update(ftxui::Screen frame) {
  const bool everything = !shown_ || shown_->dimx() != frame.dimx() || shown_->dimy() != frame.dimy();
  std::string out(kBeginUpdate);
  if (everything) out += kClear;
  const std::size_t nothing = out.size();
  Pen pen(out, depth_);
  const ftxui::Screen& now = frame;
  for (int y = 0; y < now.dimy(); ++y) {
    for (int x = 0; x < now.dimx(); ++x) {
      if (!everything && already_shown(*shown_, now, x, y)) continue;
      if (!is_second_half(now, x, y)) pen.draw(now, x, y);
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
