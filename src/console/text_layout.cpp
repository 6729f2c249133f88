#include "console/text_layout.hpp"

#include <algorithm>
#include <cstdint>

#include <ftxui/screen/string.hpp>

namespace vj::console {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

std::size_t code_point_length(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  const std::size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return std::min(length, text.size());
}

int width_of(std::string_view glyph) {
  return static_cast<std::uint8_t>(glyph[0]) < 0x80 ? 1 : ftxui::string_width(std::string(glyph));
}

}  // namespace

GlyphSize first_glyph(std::string_view text) {
  if (text.empty()) return {};
  // Nearly all text: nothing that could combine with the first follows.
  if (is_ascii(text.substr(0, 2))) return {1, 1};
  GlyphSize glyph{code_point_length(text), 0};
  glyph.cells = width_of(text.substr(0, glyph.bytes));
  while (glyph.bytes < text.size() && static_cast<std::uint8_t>(text[glyph.bytes]) >= 0x80) {
    const std::string_view next = text.substr(glyph.bytes, code_point_length(text.substr(glyph.bytes)));
    if (width_of(next) != 0) break;
    glyph.bytes += next.size();
  }
  return glyph;
}

int cells(std::string_view text) {
  return is_ascii(text) ? static_cast<int>(text.size()) : ftxui::string_width(std::string(text));
}

std::string cut(std::string_view text, int width) {
  if (width <= 0) return {};
  if (cells(text) <= width) return std::string(text);
  std::size_t end = 0;
  int used = 0;
  while (end < text.size()) {
    const GlyphSize glyph = first_glyph(text.substr(end));
    if (used + glyph.cells > width - 1) break;
    used += glyph.cells;
    end += glyph.bytes;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string cut_middle(std::string_view text, int width) {
  constexpr int kLeast = 28;  // below, a beginning and an end say less than a beginning
  constexpr std::size_t kWord = 16;
  if (width < kLeast || cells(text) <= width) return cut(text, width);
  int head = width / 3;
  std::size_t begin = 0;  // of the end
  for (int too_much = cells(text) - (width - head - 1); too_much > 0;) {
    const GlyphSize glyph = first_glyph(text.substr(begin));
    begin += glyph.bytes;
    too_much -= glyph.cells;
  }
  // Its first word is whole, where the head can do without as much.
  const auto blank = text.substr(0, begin).find_last_of(" /");
  if (blank != std::string_view::npos && begin - blank <= kWord) {
    const int rest = cells(text.substr(blank + 1, begin - blank - 1));
    if (head - rest >= kLeast / 7) {
      head -= rest;
      begin = blank + 1;
    }
  }
  return cut(text, head + 1).append(text.substr(begin));
}

std::string left_aligned(std::string_view text, int width) {
  std::string result = cut(text, width);
  result.append(static_cast<std::size_t>(std::max(0, width - cells(result))), ' ');
  return result;
}

std::string right_aligned(std::string_view text, int width) {
  std::string result = cut(text, width);
  result.insert(0, static_cast<std::size_t>(std::max(0, width - cells(result))), ' ');
  return result;
}

std::vector<TextRow> wrap(std::string_view text, int width, int hanging_indent) {
  hanging_indent = std::clamp(hanging_indent, 0, std::max(0, width / 2));
  std::vector<TextRow> rows;
  std::size_t begin = 0;
  do {
    const int indent = rows.empty() ? 0 : hanging_indent;
    const int room = std::max(1, width - indent);
    std::size_t end = begin;
    std::size_t last_blank = begin;
    std::size_t behind_slash = begin;
    int used = 0;
    while (end < text.size()) {
      const GlyphSize glyph = first_glyph(text.substr(end));
      const bool has_room = used + glyph.cells <= room || end == begin;
      if (!has_room) break;
      if (text[end] == ' ') last_blank = end;
      const bool is_slash = text[end] == '/';
      used += glyph.cells;
      end += glyph.bytes;
      if (is_slash) behind_slash = end;
    }
    std::size_t next = end;
    if (end < text.size()) {
      if (text[end] == ' ') {
        last_blank = end;
      }
      if (last_blank > begin) {
        end = last_blank;
        next = last_blank + 1;
      } else if (behind_slash > begin) {
        end = next = behind_slash;
      }
    }
    rows.push_back({begin, end - begin, indent});
    begin = next;
  } while (begin < text.size());
  return rows;
}

}  // namespace vj::console
