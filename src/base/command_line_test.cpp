#include "base/command_line.hpp"

#include <doctest/doctest.h>

using namespace vj;

namespace {

constexpr Option kOptions[] = {{"--home", "DIR", "where it lives"}, {"--help", "", "this text"}};

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

TEST_CASE("options are described in aligned lines") {
  CHECK(describe_options(kOptions) == "  --home DIR  where it lives\n  --help      this text\n");
}
