#include "base/command_line.hpp"

#include <doctest/doctest.h>

using namespace vj;

namespace {

constexpr Option kOptions[] = {{"--home", "DIR", "where it lives"}, kHelpOption, kVersionOption};

Result<CommandLine> parse(std::vector<std::string> arguments) { return parse_command_line(arguments, kOptions); }

}  // namespace

TEST_CASE("an option takes its value from the next argument or after an equals sign") {
  CHECK(parse({"--home", "/x"})->value("--home") == "/x");
  CHECK(parse({"--home=/x"})->value("--home") == "/x");
  CHECK(parse({})->value("--home") == std::nullopt);
  CHECK(parse({"--help"})->has("--help"));
}

TEST_CASE("words may stand between options, and everything after -- is a word") {
  const auto line = parse({"status", "--help", "x", "--", "--home"});
  REQUIRE(line);
  CHECK(line->words == std::vector<std::string>{"status", "x", "--home"});
}

TEST_CASE("a wrong option is answered with the one that was probably meant") {
  CHECK(parse({"--hom", "x"}).error().message == "unknown option '--hom'; did you mean '--home'?");
  CHECK(parse({"--quux"}).error().message == "unknown option '--quux'");
  CHECK(parse({"--home"}).error().message == "--home needs a value: --home DIR");
  CHECK(parse({"--help=1"}).error().message == "--help takes no value");
}

TEST_CASE("a letter behind one dash is an option, a number is not") {
  CHECK(parse({"-h"})->has("--help"));
  CHECK(parse({"-v"}).error().message == "unknown option '-v'");
  CHECK(parse({"-help"}).error().message == "unknown option '-help'");
  CHECK(parse({"-3", "-", "-.5", "--", "-h"})->words == std::vector<std::string>{"-3", "-", "-.5", "-h"});
  CHECK(parse({"--home", "-h"})->value("--home") == "-h");
}

TEST_CASE("options are described in aligned lines") {
  CHECK(describe_options(std::span(kOptions).first(2)) ==
        "  --home DIR  where it lives\n  --help      (-h) this text\n");
}

TEST_CASE("a program that takes options alone ends at once with help, version or what is wrong") {
  const auto end = [](const std::vector<std::string>& arguments) {
    const auto line = open_command_line(arguments, {.name = "w", .summary = "works"}, kOptions);
    REQUIRE_FALSE(line);
    return std::pair(line.error().code, line.error().text);
  };
  CHECK(end({"-h"}) == std::pair(0, std::string("w: works.\n\nusage: w [OPTIONS]\n\noptions:\n"
                                                "  --home DIR  where it lives\n"
                                                "  --help      (-h) this text\n"
                                                "  --version   the version of this program\n")));
  CHECK(end({"--version"}) == std::pair(0, std::string("w " VJ_VERSION "\n")));
  CHECK(end({"x"}) == std::pair(2, std::string("w: unexpected 'x'\nusage: w [OPTIONS], see w --help\n")));
  CHECK(end({"--hom=x"}) == std::pair(2, std::string("w: unknown option '--hom'; did you mean '--home'?\n"
                                                     "usage: w [OPTIONS], see w --help\n")));
}
