#include "console/renderer.hpp"

#include <array>
#include <random>

#include <doctest/doctest.h>
#include <ftxui/dom/elements.hpp>
#include <ftxui/screen/terminal.hpp>

#include "support/vt_screen.hpp"

namespace vj::console {
namespace {

using vj::testing::VtScreen;

ftxui::Screen frame_of(const ftxui::Element& element, int columns, int rows) {
  ftxui::Screen screen(columns, rows);
  ftxui::Render(screen, element);
  return screen;
}

ftxui::Screen line(const std::string& text, int columns = 20) { return frame_of(ftxui::text(text), columns, 1); }

TEST_CASE("the first frame is drawn whole, inside one synchronized update") {
  Renderer renderer(ColorDepth::k16);
  const std::string bytes = renderer.update(line("hello"));
  CHECK(bytes.starts_with("\x1b[?2026h\x1b[0m\x1b[2J"));
  CHECK(bytes.ends_with("\x1b[?2026l"));
  VtScreen glass(20, 1);
  glass.feed(bytes);
  CHECK(glass.text() == "hello               \n");
  CHECK(glass.unknown() == 0);
  CHECK_FALSE(glass.updating());
}

TEST_CASE("the same frame again costs no byte") {
  Renderer renderer(ColorDepth::k16);
  (void)renderer.update(line("hello"));
  CHECK(renderer.update(line("hello")).empty());
}

TEST_CASE("one changed digit costs a few bytes, not a line") {
  Renderer renderer(ColorDepth::k16);
  (void)renderer.update(line("2:15 / 3:45"));
  const std::string bytes = renderer.update(line("2:16 / 3:45"));
  CHECK(bytes.size() < 40);
  CHECK(bytes.find('6') != std::string::npos);
}

TEST_CASE("after forgetting, everything is drawn again") {
  Renderer renderer(ColorDepth::k16);
  const std::string first = renderer.update(line("hello"));
  renderer.forget();
  CHECK(renderer.update(line("hello")) == first);
}

TEST_CASE("another size draws everything") {
  Renderer renderer(ColorDepth::k16);
  (void)renderer.update(line("hello"));
  CHECK(renderer.update(line("hello", 10)).find("\x1b[2J") != std::string::npos);
}

TEST_CASE("each depth says colours in its own way") {
  const auto red = frame_of(ftxui::text("x") | ftxui::bold | ftxui::color(ftxui::Color::Red), 1, 1);
  CHECK(Renderer(ColorDepth::k16).update(red).find("\x1b[0;1;31m") != std::string::npos);
  CHECK(Renderer(ColorDepth::kNone).update(red).find("\x1b[0;1mx") != std::string::npos);
  CHECK(Renderer(ColorDepth::kPlain).update(red).find("1m") == std::string::npos);
  ftxui::Terminal::SetColorSupport(ftxui::Terminal::TrueColor);
  const auto rose = frame_of(ftxui::text("x") | ftxui::color(ftxui::Color::RGB(250, 1, 2)), 1, 1);
  CHECK(Renderer(ColorDepth::kTrueColor).update(rose).find("38;2;250;1;2") != std::string::npos);
}

TEST_CASE("a wide glyph that is cut at the edge leaves a blank, and its neighbours where they are") {
  Renderer renderer(ColorDepth::k16);
  VtScreen glass(3, 1);
  glass.feed(renderer.update(frame_of(ftxui::text("日本"), 3, 1)));
  CHECK(glass.text() == "日 \n");
}

// What must be on the glass for a frame, worked out from its cells and independently of any difference.
void check_shows(const VtScreen& glass, const ftxui::Screen& frame) {
  Renderer fresh(ColorDepth::k16);
  VtScreen expected(frame.dimx(), frame.dimy());
  expected.feed(fresh.update(frame));
  for (int y = 0; y < frame.dimy(); ++y) {
    for (int x = 0; x < frame.dimx(); ++x) {
      CAPTURE(x);
      CAPTURE(y);
      REQUIRE(glass.at(x, y) == expected.at(x, y));
    }
  }
}

TEST_CASE("whatever changes, the glass shows the frame") {
  static constexpr std::array<const char*, 12> kGlyphs = {"a", "b", " ", "日", "✓", "🔄", "█", "", "░", "語", "7", "│"};
  static constexpr std::array kColors = {ftxui::Color::Default, ftxui::Color::Default};
  std::mt19937 random(42);
  const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  Renderer renderer(ColorDepth::k16);
  VtScreen glass(17, 6);
  ftxui::Screen frame(17, 6);
  for (int round = 0; round < 3000; ++round) {
    const int changes = round % 50 == 0 ? 100 : below(6);
    for (int i = 0; i < changes; ++i) {
      auto& cell = frame.PixelAt(below(17), below(6));
      cell.character = kGlyphs.at(static_cast<std::size_t>(below(kGlyphs.size())));
      cell.bold = below(4) == 0;
      cell.foreground_color = below(3) == 0 ? ftxui::Color(ftxui::Color::Green) : ftxui::Color(kColors[0]);
    }
    glass.feed(renderer.update(frame));
    check_shows(glass, frame);
    REQUIRE(glass.unknown() == 0);
  }
}

}  // namespace
}  // namespace vj::console
