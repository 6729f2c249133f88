#include "console/text_layout.hpp"

#include <doctest/doctest.h>

namespace vj::console {
namespace {

std::vector<std::string> wrapped(std::string_view text, int width, int indent) {
  std::vector<std::string> rows;
  for (const auto& row : wrap(text, width, indent)) {
    rows.push_back(std::string(static_cast<std::size_t>(row.indent), ' ') +
                   std::string(text.substr(row.begin, row.size)));
  }
  return rows;
}

using Rows = std::vector<std::string>;

TEST_CASE("text is measured in cells, not in bytes") {
  CHECK(cells("abc") == 3);
  CHECK(cells("é…✓") == 3);
  CHECK(cells("日本") == 4);
  CHECK(cells("🔄") == 2);
}

TEST_CASE("what does not fit is cut, and says so") {
  CHECK(cut("Example Song", 20) == "Example Song");
  CHECK(cut("Example Song", 8) == "Example…");
  CHECK(cut("日本語", 4) == "日…");
  CHECK(cut("abc", 0).empty());
}

TEST_CASE("of a reason the end survives the cut, which says what to do") {
  CHECK(cut_middle("short", 20) == "short");
  const std::string reason = "no VirtualDJ folder found; set virtualdj.paths in config.toml";
  CHECK(cut_middle(reason, 40) == "no Virtua…virtualdj.paths in config.toml");
  CHECK(cut_middle("refused: /home/me/sets/config.toml:3: key 'x'", 36) == "refused:…sets/config.toml:3: key 'x'");
  CHECK(cut_middle(reason, 20) == "no VirtualDJ folder…");
  const std::string wide = "日本語日本語日本語日本語日本語日本語日本語";
  for (int width = 0; width < 50; ++width) CHECK(cells(cut_middle(wide, width)) <= width);
}

TEST_CASE("aligned text has exactly the width asked for") {
  CHECK(left_aligned("ab", 4) == "ab  ");
  CHECK(right_aligned("ab", 4) == "  ab");
  CHECK(cells(left_aligned("日本語", 4)) == 4);
  CHECK(cells(right_aligned("日本語日", 6)) == 6);
}

TEST_CASE("a long line breaks at a blank and hangs behind its beginning") {
  CHECK(wrapped("2025-12-04 21:15:30 - INFO - ✓ Worker spotify_monitor started", 38, 2) ==
        Rows{"2025-12-04 21:15:30 - INFO - ✓ Worker", "  spotify_monitor started"});
}

TEST_CASE("a path that is longer than the row breaks behind a slash") {
  CHECK(wrapped("/home/vj/loops/loop.wav", 20, 0) == Rows{"/home/vj/loops/", "loop.wav"});
}

TEST_CASE("a word that is longer than the row breaks within") {
  CHECK(wrapped("aaaaaaaaaa", 4, 2) == Rows{"aaaa", "  aa", "  aa", "  aa"});
  CHECK(wrapped("日本語日本語", 5, 0) == Rows{"日本", "語日", "本語"});
}

TEST_CASE("an empty text is one empty row, and nothing is lost or said twice") {
  CHECK(wrapped("", 10, 2) == Rows{""});
  CHECK(wrapped("ab cd", 5, 2) == Rows{"ab cd"});
  CHECK(wrapped("ab cd ef", 5, 0) == Rows{"ab cd", "ef"});
  CHECK(wrapped("x", 1, 2) == Rows{"x"});
}

}  // namespace
}  // namespace vj::console
