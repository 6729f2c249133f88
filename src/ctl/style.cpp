#include "ctl/style.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/format.hpp"

namespace vj::ctl {
namespace {

std::string_view code(Color color) {
  switch (color) {
    case Color::kPlain:
      return "";
    case Color::kGreen:
      return "32";
    case Color::kYellow:
      return "33";
    case Color::kRed:
      return "31";
    case Color::kDim:
      return "2";
    case Color::kBold:
      return "1";
  }
  return "";
}

// Code points; names and numbers, which is what stands in columns, have one cell each.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

Style Style::detect(bool is_terminal, const std::optional<std::string>& no_color,
                    const std::optional<std::string>& term) {
  const bool refused = no_color && !no_color->empty();
  return Style(is_terminal && !refused && term && !term->empty() && *term != "dumb");
}

std::string Style::paint(Color color, std::string_view text) const {
  if (!colored_ || color == Color::kPlain || text.empty()) return std::string(text);
  return vj::format("\x1b[{}m{}\x1b[0m", code(color), text);
}

std::string table(const std::vector<std::vector<std::string>>& rows, const std::vector<Alignment>& alignments) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string fill(widths[i] - width(row[i]), ' ');
      const bool to_the_right = i < alignments.size() && alignments[i] == Alignment::kRight;
      line += (i == 0 ? "" : "  ") + (to_the_right ? fill + row[i] : row[i] + fill);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string elapsed(double seconds) {
  const auto total = static_cast<std::int64_t>(std::max(0.0, seconds));
  const auto hours = total / 3600;
  return hours > 0 ? vj::format("{}:{:02}:{:02}", hours, total / 60 % 60, total % 60)
                   : vj::format("{}:{:02}", total / 60, total % 60);
}

std::string megabytes(double bytes) { return vj::format("{} MB", std::llround(bytes / 1e6)); }

}  // namespace vj::ctl
