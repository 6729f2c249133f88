#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace vj;

TEST_CASE("trim takes white space off both ends and nothing else") {
  CHECK(trim("  a b \r\n") == "a b");
  CHECK(trim(" \t\n") == "");
}

TEST_CASE("split keeps empty parts") { CHECK(split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""}); }

TEST_CASE("the nearest name is the one a person most likely meant") {
  const std::vector<std::string> names = {"max_restarts", "max_backoff", "fps"};
  CHECK(nearest_name("max_restart", names) == "max_restarts");
  CHECK(nearest_name("MAX_BACKOF", names) == "max_backoff");
  CHECK(nearest_name("zebra", names) == std::nullopt);
  CHECK(nearest_name("xyz", names) == std::nullopt);
  CHECK(nearest_name("pfs", names) == "fps");
  CHECK(nearest_name("FPS", names) == "fps");
}

TEST_CASE("a name that shares but a letter or two is not what was meant") {
  const std::vector<std::string> names = {"log", "logs", "osc", "list"};
  CHECK(nearest_name("foo", names) == std::nullopt);
  CHECK(nearest_name("bogus", names) == std::nullopt);
  CHECK(nearest_name("lgos", names) == "logs");
}

TEST_CASE("bytes that are not UTF-8 become replacement characters, and the rest stays") {
  CHECK(valid_utf8("caf\xE9!") == "caf\xEF\xBF\xBD!");
  CHECK(valid_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  CHECK(valid_utf8("日本語") == "日本語");
  CHECK(is_valid_utf8("日本語"));
  CHECK_FALSE(is_valid_utf8("\xC0\xAF"));
}

TEST_CASE("a bad byte is found wherever it stands in a long text") {
  for (std::size_t at = 0; at < 24; ++at) {
    std::string text(24, 'x');
    CHECK(is_valid_utf8(text));
    text[at] = '\xFF';
    CHECK_FALSE(is_valid_utf8(text));
  }
}

TEST_CASE("printable text can neither move the cursor nor change what stands beside it") {
  CHECK(printable("a\x1b[2Jb\tc\nd") == "a[2Jb c d");
  CHECK(printable("\u202Eevil\u200D\uFE0F") == "evil");
  CHECK(printable("\xC2\x9B"
                  "31m") == "31m");
}

TEST_CASE("Windows-1252 and UTF-16 become UTF-8") {
  CHECK(utf8_from_cp1252("caf\xE9 \x93q\x94 \x80") == "café “q” €");
  CHECK(utf8_from_utf16(std::string_view("A\0\xE9\0", 4), false) == "Aé");
  CHECK(utf8_from_utf16(std::string_view("\xD8\x3D\xDE\x00", 4), true) == "😀");
}

TEST_CASE("a number is the whole text or none") {
  CHECK(parse_integer("42") == 42);
  CHECK(parse_integer("-7") == -7);
  CHECK(parse_integer("42x") == std::nullopt);
  CHECK(parse_integer("") == std::nullopt);
  CHECK(parse_number("2.5") == 2.5);
  CHECK(parse_number("2,5") == std::nullopt);
}
