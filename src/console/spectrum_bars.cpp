#include "console/spectrum_bars.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include <ftxui/dom/node.hpp>
#include <ftxui/screen/screen.hpp>

#include "console/text_layout.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

using ftxui::Screen;

constexpr double kLowest = 30, kHighest = 16000;  // Hz
constexpr std::array<const char*, 9> kEighths{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

struct Mark {
  double hertz;
  std::string_view label;
};
constexpr std::array kMarks{Mark{30, "30"},   Mark{100, "100"}, Mark{300, "300"},
                            Mark{1000, "1k"}, Mark{3000, "3k"}, Mark{10000, "10k"}};

class SpectrumBars : public ftxui::Node {
 public:
  explicit SpectrumBars(std::span<const float> bins) : bins_(bins.begin(), bins.end()) {}

  void ComputeRequirement() override {
    requirement_.min_x = static_cast<int>(bins_.size());
    requirement_.min_y = 2;
    requirement_.flex_grow_x = requirement_.flex_grow_y = 1;
    requirement_.flex_shrink_x = requirement_.flex_shrink_y = 1;
  }

  void Render(Screen& screen) override {
    const int width = box_.x_max - box_.x_min + 1;
    const int height = box_.y_max - box_.y_min + 1;
    if (width < 1 || height < 1 || bins_.empty()) return;
    const bool has_marks = height > 1;
    const int bars = has_marks ? height - 1 : height;
    const int count = static_cast<int>(bins_.size());
    // Every bin has the same number of columns, where there are enough of them.
    const int used = width >= count ? width / count * count : width;
    for (int x = 0; x < used; ++x) draw_bar(screen, x, bars, bins_[static_cast<std::size_t>(x * count / used)]);
    if (has_marks) draw_marks(screen, used);
  }

 private:
  void draw_bar(Screen& screen, int x, int bars, float value) const {
    const double level = std::isfinite(value) ? std::clamp(static_cast<double>(value), 0.0, 1.0) : 0;
    // What is there at all shows at least the lowest eighth.
    const int eighths = level > 0 ? std::max(1, static_cast<int>(std::lround(level * bars * 8))) : 0;
    for (int row = 0; row < bars; ++row) {
      const int here = std::clamp(eighths - row * 8, 0, 8);
      if (here == 0) break;
      auto& cell = screen.PixelAt(box_.x_min + x, box_.y_min + bars - 1 - row);
      cell.character = kEighths[static_cast<std::size_t>(here)];
      cell.foreground_color = theme::bar();
    }
  }

  void draw_marks(Screen& screen, int used) const {
    int free_from = 0;
    for (const auto& mark : kMarks) {
      const double place = std::log(mark.hertz / kLowest) / std::log(kHighest / kLowest);
      const int x = static_cast<int>(place * used);
      if (x < free_from || x + cells(mark.label) > used) continue;
      for (std::size_t i = 0; i < mark.label.size(); ++i) {
        auto& cell = screen.PixelAt(box_.x_min + x + static_cast<int>(i), box_.y_max);
        cell.character = mark.label.substr(i, 1);
        cell.foreground_color = ftxui::Color::GrayDark;
      }
      free_from = x + cells(mark.label) + 1;
    }
  }

  std::vector<float> bins_;
};

}  // namespace

Element spectrum_bars(std::span<const float> bins) { return std::make_shared<SpectrumBars>(bins); }

}  // namespace vj::console
