#include "console/elements.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <ftxui/dom/node.hpp>
#include <ftxui/screen/screen.hpp>
#include <ftxui/screen/string.hpp>

#include "console/text_layout.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

using ftxui::Screen;

int width_of(const ftxui::Box& box) { return box.x_max - box.x_min + 1; }
int height_of(const ftxui::Box& box) { return box.y_max - box.y_min + 1; }

class Line : public ftxui::Node {
 public:
  explicit Line(std::string text) : text_(std::move(text)) {}

  void ComputeRequirement() override {
    requirement_.min_x = cells(text_);
    requirement_.min_y = 1;
    requirement_.flex_shrink_x = 1;
  }

  void Render(Screen& screen) override {
    if (height_of(box_) > 0) draw(screen, box_.x_min, box_.y_min, box_.x_max, cut(text_, width_of(box_)));
  }

 private:
  std::string text_;
};

class FillingText : public ftxui::Node {
 public:
  explicit FillingText(std::string text) : text_(std::move(text)) {}

  void ComputeRequirement() override {
    requirement_.min_x = requirement_.min_y = 1;
    requirement_.flex_grow_x = requirement_.flex_grow_y = 1;
    requirement_.flex_shrink_x = requirement_.flex_shrink_y = 1;
  }

  void Render(Screen& screen) override {
    const int width = width_of(box_), height = height_of(box_);
    if (width < 1 || height < 1) return;
    const std::string text = cut_middle(text_, width * height);
    auto rows = wrap(text, width, 0);
    if (static_cast<int>(rows.size()) > height) {  // words leave room at the ends of rows
      draw_rows(screen, cut_middle(text_, width * height * 3 / 4));
    } else {
      draw_rows(screen, text);
    }
  }

 private:
  void draw_rows(Screen& screen, std::string_view text) const {
    int y = box_.y_min;
    for (const auto& row : wrap(text, width_of(box_), 0)) {
      if (y > box_.y_max) return;
      draw(screen, box_.x_min, y++, box_.x_max, text.substr(row.begin, row.size));
    }
  }

  std::string text_;
};

class Panel : public ftxui::Node {
 public:
  Panel(std::string title, Element content, std::string corner)
      : Node({std::move(content)}), title_(std::move(title)), corner_(std::move(corner)) {}

  void ComputeRequirement() override {
    Node::ComputeRequirement();
    requirement_ = children_[0]->requirement();
    requirement_.min_x = std::max(requirement_.min_x + 4, cells(title_) + 10);
    requirement_.min_y += 2;
    requirement_.selected_box = {};
  }

  void SetBox(ftxui::Box box) override {
    Node::SetBox(box);
    children_[0]->SetBox({box.x_min + 2, box.x_max - 2, box.y_min + 1, box.y_max - 1});
  }

  void Render(Screen& screen) override {
    if (width_of(box_) < 4 || height_of(box_) < 2) return;
    Node::Render(screen);
    for (int x = box_.x_min; x <= box_.x_max; ++x) {
      put(screen, x, box_.y_min, "─");
      put(screen, x, box_.y_max, "─");
    }
    for (int y = box_.y_min; y <= box_.y_max; ++y) {
      put(screen, box_.x_min, y, "│");
      put(screen, box_.x_max, y, "│");
    }
    put(screen, box_.x_min, box_.y_min, "┌");
    put(screen, box_.x_max, box_.y_min, "┐");
    put(screen, box_.x_min, box_.y_max, "└");
    put(screen, box_.x_max, box_.y_max, "┘");
    draw_title(screen);
    draw_corner(screen);
  }

 private:
  static void put(Screen& screen, int x, int y, const char* glyph) {
    auto& cell = screen.PixelAt(x, y);
    cell.character = glyph;
    cell.foreground_color = theme::border();
  }

  void draw_title(Screen& screen) const {
    const int room = width_of(box_) - 9;
    if (room < 3) return;
    const std::string title = cut(title_, room);
    const int begin = box_.x_min + 2;
    put(screen, begin, box_.y_min, "═");
    put(screen, begin + 1, box_.y_min, "═");
    screen.PixelAt(begin + 2, box_.y_min).character = " ";
    const int end = draw(screen, begin + 3, box_.y_min, box_.x_max - 4, title);
    for (int x = begin + 3; x < end; ++x) {
      screen.PixelAt(x, box_.y_min).bold = true;
      screen.PixelAt(x, box_.y_min).foreground_color = ftxui::Color::Default;
    }
    screen.PixelAt(end, box_.y_min).character = " ";
    put(screen, end + 1, box_.y_min, "═");
    put(screen, end + 2, box_.y_min, "═");
  }

  void draw_corner(Screen& screen) const {
    if (corner_.empty()) return;
    const std::string text = cut(" " + corner_ + " ", width_of(box_) - 4);
    const int begin = box_.x_max - 1 - cells(text);
    const int end = draw(screen, begin, box_.y_max, box_.x_max - 1, text);
    for (int x = begin; x < end; ++x) screen.PixelAt(x, box_.y_max).foreground_color = ftxui::Color::Yellow;
  }

  std::string title_;
  std::string corner_;
};

class ProgressBar : public ftxui::Node {
 public:
  explicit ProgressBar(double fraction) : fraction_(std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0) {}

  void ComputeRequirement() override {
    requirement_.min_x = 5;
    requirement_.min_y = 1;
    requirement_.flex_grow_x = 1;
    requirement_.flex_shrink_x = 1;
  }

  void Render(Screen& screen) override {
    const int filled = static_cast<int>(std::lround(fraction_ * width_of(box_)));
    for (int i = 0; i < width_of(box_); ++i) {
      auto& cell = screen.PixelAt(box_.x_min + i, box_.y_min);
      cell.character = i < filled ? "█" : "░";
      cell.foreground_color = i < filled ? theme::bar() : theme::bar_rest();
    }
  }

 private:
  double fraction_;
};

// Where in "2025-12-04 21:15:30 - INFO - text" the level begins and the text.
struct LineParts {
  std::size_t level = 0;
  std::size_t text = 0;
};

LineParts parts_of(std::string_view line) {
  constexpr std::string_view kSeparator = " - ";
  const auto first = line.find(kSeparator);
  if (first == std::string_view::npos) return {};
  const auto second = line.find(kSeparator, first + kSeparator.size());
  if (second == std::string_view::npos) return {};
  return {first + kSeparator.size(), second + kSeparator.size()};
}

class LogList : public ftxui::Node {
 public:
  explicit LogList(const LogView& view) : view_(view) {}

  void ComputeRequirement() override {
    requirement_.min_x = 10;
    requirement_.min_y = 1;
    requirement_.flex_grow_x = requirement_.flex_grow_y = 1;
    requirement_.flex_shrink_x = requirement_.flex_shrink_y = 1;
  }

  void Render(Screen& screen) override {
    const TextBox page{.width = width_of(box_), .height = height_of(box_)};
    LogPlace place = view_.top(page);
    int y = box_.y_min;
    for (; y <= box_.y_max && place.line < view_.size(); ++place.line, place.row = 0) {
      const LogLine& line = view_.line(place.line);
      const auto rows = view_.rows_of(place.line, page.width);
      const auto found = view_.filter().found_in(line.text);
      for (; place.row < rows.size() && y <= box_.y_max; ++place.row, ++y) {
        if (view_.match() == place.line) paint_match(screen, y);
        draw_row(screen, y, line, rows[place.row], found);
      }
    }
  }

 private:
  void paint_match(Screen& screen, int y) const {
    for (int x = box_.x_min; x <= box_.x_max; ++x) screen.PixelAt(x, y).background_color = theme::match();
  }

  void draw_row(Screen& screen, int y, const LogLine& line, const TextRow& row,
                const std::vector<FoundRange>& found) const {
    const LineParts parts = parts_of(line.text);
    int x = box_.x_min + row.indent;
    std::size_t at = row.begin;
    const std::size_t end = row.begin + row.size;
    while (at < end) {
      const GlyphSize glyph = first_glyph(std::string_view(line.text).substr(at));
      if (x + glyph.cells - 1 > box_.x_max) {
        screen.PixelAt(box_.x_max, y).character = "…";
        return;
      }
      if (glyph.cells > 0) {
        auto& cell = screen.PixelAt(x, y);
        cell.character.assign(line.text, at, glyph.bytes);
        if (glyph.cells == 2) screen.PixelAt(x + 1, y).character.clear();
        if (at < parts.level) {
          cell.foreground_color = ftxui::Color::GrayDark;
        } else if (at < parts.text || line.level >= LogLevel::kWarning) {
          cell.foreground_color = theme::level(line.level);
        }
        const bool is_found = std::ranges::any_of(
            found, [&](const FoundRange& range) { return at >= range.begin && at < range.begin + range.size; });
        cell.underlined = is_found;
        cell.bold = is_found;
      }
      x += glyph.cells;
      at += glyph.bytes;
    }
  }

  const LogView& view_;
};

}  // namespace

int draw(ftxui::Screen& screen, int x, int y, int last, std::string_view text, ftxui::Color color) {
  while (!text.empty()) {
    const GlyphSize glyph = first_glyph(text);
    if (x + glyph.cells - 1 > last) break;
    if (glyph.cells > 0) {
      auto& cell = screen.PixelAt(x, y);
      cell.character = text.substr(0, glyph.bytes);
      cell.foreground_color = color;
    }
    if (glyph.cells == 2) screen.PixelAt(x + 1, y).character.clear();
    x += glyph.cells;
    text.remove_prefix(glyph.bytes);
  }
  return x;
}

Element line(std::string text) { return std::make_shared<Line>(std::move(text)); }

Element filling_text(std::string text) { return std::make_shared<FillingText>(std::move(text)); }

Element paragraph(std::string_view text, int width) {
  Elements rows;
  for (const auto& row : wrap(text, width, 0)) rows.push_back(line(std::string(text.substr(row.begin, row.size))));
  return ftxui::vbox(std::move(rows));
}

Element panel(std::string title, Element content, std::string corner) {
  return std::make_shared<Panel>(std::move(title), std::move(content), std::move(corner));
}

Element progress_bar(double fraction) { return std::make_shared<ProgressBar>(fraction); }

Element log_list(const LogView& view) { return std::make_shared<LogList>(view); }

}  // namespace vj::console
