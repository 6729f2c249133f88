#include "ctl/style.hpp"

#include <doctest/doctest.h>

using namespace vj::ctl;

TEST_CASE("there is colour on a terminal, not in a pipe, with NO_COLOR or on a dumb one") {
  CHECK(Style::detect(true, {}, "xterm").paint(Color::kRed, "x") == "\x1b[31mx\x1b[0m");
  CHECK(Style::detect(true, "", "xterm").paint(Color::kRed, "x") == "\x1b[31mx\x1b[0m");
  CHECK(Style::detect(false, {}, "xterm").paint(Color::kRed, "x") == "x");
  CHECK(Style::detect(true, "1", "xterm").paint(Color::kRed, "x") == "x");
  CHECK(Style::detect(true, {}, "dumb").paint(Color::kRed, "x") == "x");
  CHECK(Style::detect(true, {}, {}).paint(Color::kRed, "x") == "x");
}

TEST_CASE("columns are as wide as their widest cell, and no line ends in blanks") {
  CHECK(table({{"NAME", "PID"}, {"a", "12345"}, {"longer", ""}}, {Alignment::kLeft, Alignment::kRight}) ==
        "NAME      PID\na       12345\nlonger\n");
}

TEST_CASE("a cell is as wide as its characters, not its bytes") {
  CHECK(table({{"é", "x"}, {"ab", "y"}}, {}) == "é   x\nab  y\n");
}

TEST_CASE("elapsed time is minutes and seconds, with hours where there are some") {
  CHECK(elapsed(7.9) == "0:07");
  CHECK(elapsed(135) == "2:15");
  CHECK(elapsed(3731) == "1:02:11");
}
