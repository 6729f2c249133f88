// How vjctl's text looks: colour where somebody sees it, and columns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vj::ctl {

enum class Color { kPlain, kGreen, kYellow, kRed, kDim, kBold };

// Colour is never the only carrier of meaning, so plain text loses nothing.
class Style {
 public:
  explicit Style(bool colored) : colored_(colored) {}

  // https://no-color.org: any NO_COLOR that is not empty turns colours off.
  [[nodiscard]] static Style detect(bool is_terminal, const std::optional<std::string>& no_color,
                                    const std::optional<std::string>& term);

  [[nodiscard]] std::string paint(Color color, std::string_view text) const;

 private:
  bool colored_;
};

enum class Alignment { kLeft, kRight };

// Rows of cells in columns that are as wide as they must be, two blanks apart, without blanks at a line's end. Cells
// hold plain text; a column without alignment is left-aligned.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows,
                                const std::vector<Alignment>& alignments);

[[nodiscard]] std::string elapsed(double seconds);  // 0:07, 2:15, 1:02:11
[[nodiscard]] std::string megabytes(double bytes);  // 9 MB

}  // namespace vj::ctl
