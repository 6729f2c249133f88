// Measures, cuts and wraps text in terminal cells. The text has passed printable() already.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vj::console {

// A room for text, in cells.
struct TextBox {
  int width = 0;
  int height = 0;
};

[[nodiscard]] int cells(std::string_view text);

// The text in at most `width` cells; what is cut off is told by an ellipsis.
[[nodiscard]] std::string cut(std::string_view text, int width);

// The same with the ellipsis within, where the end says more than the middle: of a reason what to do, of a path the
// file.
[[nodiscard]] std::string cut_middle(std::string_view text, int width);

// The text in exactly `width` cells: cut, or filled up with blanks behind or in front.
[[nodiscard]] std::string left_aligned(std::string_view text, int width);
[[nodiscard]] std::string right_aligned(std::string_view text, int width);

// One row of a wrapped text, as a part of it.
struct TextRow {
  std::size_t begin = 0;
  std::size_t size = 0;
  int indent = 0;  // blanks in front

  friend bool operator==(const TextRow&, const TextRow&) = default;
};

// Breaks at blanks where it can, behind a slash or within words where it must. Every row but the first is indented by
// `hanging_indent`. Never empty: an empty text is one empty row.
[[nodiscard]] std::vector<TextRow> wrap(std::string_view text, int width, int hanging_indent);

// How many bytes the first glyph of `text` has, and how many cells it takes; combining marks belong to it.
struct GlyphSize {
  std::size_t bytes = 0;
  int cells = 0;
};
[[nodiscard]] GlyphSize first_glyph(std::string_view text);

}  // namespace vj::console
