#include "console/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace vj::console {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 49> kMeanings = {{
    {"─", '-'},  {"═", '='},  {"│", '|'}, {"┌", '+'},  {"┐", '+'},  {"└", '+'},  {"┘", '+'},  {"█", '#'},  {"░", '.'},
    {"✓", 'v'},  {"⚠", '!'},  {"✗", 'x'}, {"●", '*'},  {"○", 'o'},  {"▸", '>'},  {"▶", '>'},  {"‖", '='},  {"▪", '.'},
    {"…", '~'},  {"↑", '^'},  {"↓", 'v'}, {"↗", '/'},  {"·", '.'},  {"♪", '~'},  {"❌", 'x'}, {"🔄", '@'}, {"📡", '>'},
    {"🚀", '>'}, {"🛑", '#'}, {"–", '-'}, {"—", '-'},  {"‘", '\''}, {"’", '\''}, {"“", '"'},  {"”", '"'},  {"×", 'x'},
    {"▏", '_'},  {"←", '<'},  {"→", '>'}, {"⚡", '*'}, {"▁", '_'},  {"▂", '_'},  {"▃", '.'},  {"▄", '-'},  {"▅", '='},
    {"▆", '+'},  {"▇", '%'},  {"µ", 'u'}, {"⟳", '@'},
}};

char meaning_of(std::string_view glyph) {
  const auto found = std::ranges::find(kMeanings, glyph, &std::pair<std::string_view, char>::first);
  return found == kMeanings.end() ? '?' : found->second;
}

}  // namespace

void make_ascii(ftxui::Screen& frame) {
  for (int y = 0; y < frame.dimy(); ++y) {
    for (int x = 0; x < frame.dimx(); ++x) {
      auto& text = frame.PixelAt(x, y).character;
      if (text.empty()) {
        text = " ";  // the second half of a wide glyph
      } else if (static_cast<std::uint8_t>(text[0]) >= 0x80) {
        text = meaning_of(text);
      }
    }
  }
}

}  // namespace vj::console
