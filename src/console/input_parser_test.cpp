#include "console/input_parser.hpp"

#include <doctest/doctest.h>

namespace vj::console {
namespace {

using Inputs = std::vector<Input>;

Inputs parsed(std::string_view bytes) { return InputParser{}.feed(bytes); }

TEST_CASE("letters, digits and characters of other scripts are keys") {
  CHECK(parsed("q3é日") == Inputs{character(U'q'), character(U'3'), character(U'é'), character(U'日')});
}

TEST_CASE("control characters are named") {
  CHECK(parsed("\x0c\r\t\x7f") ==
        Inputs{control(U'l'), Key{KeyCode::kEnter}, Key{KeyCode::kTab}, Key{KeyCode::kBackspace}});
}

TEST_CASE("the keys of a terminal in either mode, with and without modifiers") {
  CHECK(parsed("\x1b[A\x1bOA\x1b[1;5A") == Inputs{Key{KeyCode::kUp}, Key{KeyCode::kUp}, Key{KeyCode::kUp}});
  CHECK(parsed("\x1b[5~\x1b[6;2~\x1b[Z") ==
        Inputs{Key{KeyCode::kPageUp}, Key{KeyCode::kPageDown}, Key{KeyCode::kBackTab}});
}

TEST_CASE("a sequence may come byte by byte") {
  InputParser parser;
  CHECK(parser.feed("\x1b").empty());
  CHECK(parser.waiting());
  CHECK(parser.feed("[").empty());
  CHECK(parser.feed("B") == Inputs{Key{KeyCode::kDown}});
  CHECK_FALSE(parser.waiting());
  CHECK(parser.feed("\xe6\x97").empty());
  CHECK(parser.feed("\xa5") == Inputs{character(U'日')});
}

TEST_CASE("an Esc that nothing follows is the key, once the wait is over") {
  InputParser parser;
  CHECK(parser.feed("\x1b").empty());
  CHECK(parser.flush() == Inputs{Key{KeyCode::kEscape}});
  CHECK_FALSE(parser.waiting());
  CHECK(parser.flush().empty());
}

TEST_CASE("Esc pressed twice is two keys") {
  InputParser parser;
  CHECK(parser.feed("\x1b\x1b") == Inputs{Key{KeyCode::kEscape}});
  CHECK(parser.flush() == Inputs{Key{KeyCode::kEscape}});
}

TEST_CASE("unknown sequences are dropped whole, with nothing left over as keys") {
  CHECK(parsed("\x1b[?1;2c\x1b[[Aq") == Inputs{character(U'q')});
  CHECK(parsed("\x1b[I\x1b[OxZ") == Inputs{character(U'x'), character(U'Z')});
}

TEST_CASE("what a terminal answers in a string is no keys, however it ends") {
  CHECK(parsed("\x1b]11;rgb:ffff/ffff/ffff\x1b\\q") == Inputs{character(U'q')});
  CHECK(parsed("\x1b]0;xx\aq") == Inputs{character(U'q')});
  for (const char begin : {'P', '_', '^', 'X'}) {
    CHECK(parsed(std::string("\x1b") + begin + "r; x日\x1b\\q") == Inputs{character(U'q')});
  }
  CHECK(parsed("\x1b]0;x\x18q") == Inputs{character(U'q')});
  CHECK(parsed("\x1b]0;x\x1b[Bq") == Inputs{Key{KeyCode::kDown}, character(U'q')});
  CHECK(parsed("\x1b]\x1b]0;x\aq") == Inputs{character(U'q')});
}

TEST_CASE("a string may come byte by byte, with pauses that would end an Esc") {
  InputParser parser;
  Inputs all;
  for (const char byte : std::string("\x1b]11;rgb:ffff/ffff/ffff\x1b\\")) {
    for (auto& input : parser.feed(std::string_view(&byte, 1))) all.push_back(input);
  }
  CHECK(all.empty());
  CHECK_FALSE(parser.waiting());
  CHECK(parser.feed("\x1b]11;rgb").empty());
  CHECK(parser.waiting());
  CHECK(parser.wait() == InputParser::kStringWait);
  CHECK_FALSE(parser.waits_on());
  CHECK(parser.feed(":ffff/").empty());
  CHECK(parser.waits_on());
  CHECK(parser.feed("ffff\a\x1b]0").empty());
  CHECK_FALSE(parser.waits_on());
}

TEST_CASE("Alt and a bracket deafen nobody: the next key is a key") {
  for (const char* begin : {"\x1b]", "\x1bP", "\x1bX"}) {
    InputParser parser;
    CHECK(parser.feed(begin).empty());
    CHECK(parser.waiting());
    CHECK(parser.wait() == InputParser::kEscapeWait);
    CHECK(parser.flush().empty());
    CHECK_FALSE(parser.waiting());
    CHECK(parser.feed("q") == Inputs{character(U'q')});
  }
}

TEST_CASE("a string that does not end is over with a pause, or when it is too long for one") {
  InputParser parser;
  CHECK(parser.feed("\x1b]0;xx").empty());
  CHECK(parser.flush().empty());
  CHECK(parser.feed("q") == Inputs{character(U'q')});

  const std::string piece(1024, 'x');
  CHECK(parser.feed("\x1b]").empty());
  for (std::size_t fed = 0; fed <= InputParser::kLongestString; fed += piece.size()) CHECK(parser.feed(piece).empty());
  CHECK_FALSE(parser.waiting());
  CHECK(parser.feed("q") == Inputs{character(U'q')});
}

TEST_CASE("the mouse: left press and wheel, counted from zero; releases and other buttons are nothing") {
  CHECK(parsed("\x1b[<0;12;3M") == Inputs{Mouse{MouseAction::kPress, 11, 2}});
  CHECK(parsed("\x1b[<64;1;1M\x1b[<65;1;1M") ==
        Inputs{Mouse{MouseAction::kWheelUp, 0, 0}, Mouse{MouseAction::kWheelDown, 0, 0}});
  CHECK(parsed("\x1b[<0;12;3m\x1b[<2;1;1M\x1b[<0;0;0M\x1b[<;;M").empty());
}

TEST_CASE("a paste is one thing, in however many pieces it comes, and never keys") {
  CHECK(parsed("\x1b[200~q\r\x1b[A\x1b[201~x") == Inputs{Paste{"q\r\x1b[A"}, character(U'x')});
  InputParser parser;
  Inputs all;
  for (const char byte : std::string("\x1b[200~quit\x1b[201~")) {
    for (auto& input : parser.feed(std::string_view(&byte, 1))) all.push_back(input);
    CHECK_FALSE((parser.waiting() && all.size() > 1));
  }
  CHECK(all == Inputs{Paste{"quit"}});
}

TEST_CASE("bytes that are no UTF-8 are dropped, one at a time") {
  CHECK(parsed("\xff"
               "a\x80"
               "b") == Inputs{character(U'a'), character(U'b')});
}

TEST_CASE("a mouse report of three bytes is one, whatever the bytes look like as keys") {
  CHECK(parsed("\x1b[M q!x") == Inputs{Mouse{MouseAction::kPress, 80, 0}, character(U'x')});
  CHECK(parsed("\x1b[M#q!") == Inputs{});  // a release
  CHECK(parsed("\x1b[M`\xf0\xff") == Inputs{Mouse{MouseAction::kWheelUp, 207, 222}});
  CHECK(parsed(std::string_view("\x1b[M \0!q", 7)) == Inputs{character(U'q')});  // too far to the right to be told
  InputParser parser;
  CHECK(parser.feed("\x1b[M").empty());
  CHECK(parser.feed(" q").empty());
  CHECK(parser.waiting());
  CHECK(parser.feed("!") == Inputs{Mouse{MouseAction::kPress, 80, 0}});
}

TEST_CASE("a paste whose end mark is lost ends with a pause, and keys are keys again") {
  InputParser parser;
  CHECK(parser.feed("\x1b[200~some text").empty());
  CHECK(parser.waiting());
  CHECK(parser.wait() == InputParser::kPasteWait);
  CHECK_FALSE(parser.waits_on());
  CHECK(parser.feed(" and more\x1b[20").empty());
  CHECK(parser.flush() == Inputs{Paste{"some text and more"}});
  CHECK_FALSE(parser.waiting());
  CHECK(parser.feed("q") == Inputs{character(U'q')});
}

TEST_CASE("of a paste that is too long only the beginning is kept, and nothing of it becomes keys") {
  InputParser parser;
  CHECK(parser.feed("\x1b[200~").empty());
  const std::string much(InputParser::kLongestPaste - 1, 'q');
  for (int i = 0; i < 3; ++i) CHECK(parser.feed(much).empty());
  CHECK(parser.feed("\x1b[201~x") == Inputs{Paste{much + 'q'}, character(U'x')});
}

}  // namespace
}  // namespace vj::console
