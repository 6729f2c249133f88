#include "console/theme.hpp"

#include <ftxui/screen/terminal.hpp>

namespace vj::console::theme {

using ftxui::Color;
using ftxui::Decorator;

namespace {

// Those that are not the terminal's own, as the terminal takes them now: each is made by the library's rules of this
// moment.
struct OwnColors {
  Color accent = Color::RGB(199, 146, 255);
  Color selected = Color::RGB(48, 42, 62);
  Color title_bar = Color::RGB(36, 32, 46);
  Color border = Color::RGB(92, 88, 108);
  Color match = Color::RGB(64, 52, 88);
  Color bar = Color::RGB(120, 200, 140);
  Color bar_rest = Color::RGB(70, 68, 84);
};

// Each set is made once and kept, because where a terminal takes 256 the library looks for the nearest of them each
// time that it is given a red, green and blue.
const OwnColors& own() {
  switch (ftxui::Terminal::ColorSupport()) {
    case ftxui::Terminal::TrueColor: {
      static const OwnColors exact;
      return exact;
    }
    case ftxui::Terminal::Palette256: {
      static const OwnColors nearest_of_256;
      return nearest_of_256;
    }
    default: {
      static const OwnColors nearest_of_16;
      return nearest_of_16;
    }
  }
}

ftxui::Terminal::Color support_of(ColorDepth depth) {
  switch (depth) {
    case ColorDepth::kTrueColor:
      return ftxui::Terminal::TrueColor;
    case ColorDepth::k256:
      return ftxui::Terminal::Palette256;
    case ColorDepth::k16:
    case ColorDepth::kNone:
    case ColorDepth::kPlain:
      break;
  }
  return ftxui::Terminal::Palette16;
}

}  // namespace

void use(ColorDepth depth) { ftxui::Terminal::SetColorSupport(support_of(depth)); }

Decorator name() { return ftxui::color(Color::Cyan); }
Decorator number() { return ftxui::bold; }
Decorator faint() { return ftxui::color(Color::GrayDark); }
Decorator accent() { return ftxui::color(own().accent) | Decorator(ftxui::bold); }
Decorator selected() { return ftxui::bgcolor(selected_color()); }
Color selected_color() { return own().selected; }
Decorator title_bar() { return ftxui::bgcolor(own().title_bar); }

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

Color border() { return own().border; }
Color match() { return own().match; }

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

Color bar() { return own().bar; }
Color bar_rest() { return own().bar_rest; }

}  // namespace vj::console::theme
