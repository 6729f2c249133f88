#include "playback/history_text.hpp"

#include <doctest/doctest.h>

using namespace vj::playback;

namespace {
using Lines = std::vector<TextLine>;
}

TEST_CASE("lines end in LF, CRLF or CR, and are counted as an editor counts them") {
  CHECK(text_lines("a\nb\r\nc\rd\n").lines == Lines{{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}});
  CHECK(text_lines("a\r\n\r\n  \r\nb\r\n").lines == Lines{{1, "a"}, {4, "b"}});
  CHECK(text_lines("").lines.empty());
}

TEST_CASE("a last line without a line break may still be being written") {
  CHECK(text_lines("a\nb\n").last_is_whole);
  CHECK_FALSE(text_lines("a\nb").last_is_whole);
}

TEST_CASE("UTF-8 and UTF-16 with a byte order mark are read") {
  CHECK(text_lines("\xEF\xBB\xBF"
                   "caf\xC3\xA9\n")
            .lines == Lines{{1, "café"}});
  CHECK(text_lines({"\xFF\xFE"
                    "A\0\xE9\0\r\0\n\0B\0",
                    12})
            .lines == Lines{{1, "Aé"}, {2, "B"}});
  CHECK(text_lines({"\xFE\xFF\0A\0\xE9\0\n", 8}).lines == Lines{{1, "Aé"}});
}

TEST_CASE("a byte order mark in front of a later line is not part of the line") {
  CHECK(text_lines("a\n\xEF\xBB\xBF"
                   "b\n")
            .lines == Lines{{1, "a"}, {2, "b"}});
}

TEST_CASE("a line that is not UTF-8 is Windows-1252, and the lines around it stay what they are") {
  CHECK(text_lines("caf\xC3\xA9\ncaf\xE9\n").lines == Lines{{1, "café"}, {2, "café"}});
}

TEST_CASE("a character cut in half at the end of the file is left out") {
  CHECK(text_lines("caf\xC3").lines == Lines{{1, "caf"}});
  CHECK(text_lines("na\xC3\xAFve \xE2\x82").lines == Lines{{1, "naïve"}});
  CHECK(text_lines("caf\xC3\n").lines == Lines{{1, "cafÃ"}});
  CHECK(text_lines({"\xFF\xFE"
                    "A\0\xE9",
                    5})
            .lines == Lines{{1, "A"}});
}
