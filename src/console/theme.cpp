#include "console/theme.hpp"

#include <ftxui/screen/terminal.hpp>

namespace vj::console::theme {

using ftxui::Color;
using ftxui::Decorator;

void use(ColorDepth depth) {
  using ftxui::Terminal::SetColorSupport;
  switch (depth) {
    case ColorDepth::kTrueColor:
      return SetColorSupport(ftxui::Terminal::TrueColor);
    case ColorDepth::k256:
      return SetColorSupport(ftxui::Terminal::Palette256);
    case ColorDepth::k16:
    case ColorDepth::kNone:
    case ColorDepth::kPlain:
      return SetColorSupport(ftxui::Terminal::Palette16);
  }
}

Decorator name() { return ftxui::color(Color::Cyan); }
Decorator number() { return ftxui::bold; }
Decorator faint() { return ftxui::color(Color::GrayDark); }
Decorator accent() { return ftxui::color(Color::RGB(199, 146, 255)) | Decorator(ftxui::bold); }
Decorator selected() { return ftxui::bgcolor(selected_color()); }
Color selected_color() { return Color::RGB(48, 42, 62); }
Decorator title_bar() { return ftxui::bgcolor(Color::RGB(36, 32, 46)); }

Decorator of(Health health) {
  switch (health) {
    case Health::kGood:
      return ftxui::color(Color::Green);
    case Health::kWarning:
      return ftxui::color(Color::Yellow);
    case Health::kFailed:
      return ftxui::color(Color::Red);
    case Health::kAbsent:
      return faint();
  }
  return faint();
}

Color border() { return Color::RGB(92, 88, 108); }
Color match() { return Color::RGB(64, 52, 88); }

Color level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return Color::GrayDark;
    case LogLevel::kInfo:
      return Color::Green;
    case LogLevel::kWarning:
      return Color::Yellow;
    case LogLevel::kError:
      return Color::Red;
  }
  return Color::Default;
}

Color bar() { return Color::RGB(120, 200, 140); }
Color bar_rest() { return Color::RGB(70, 68, 84); }

}  // namespace vj::console::theme
