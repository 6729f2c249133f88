#include "ctl/arguments.hpp"

#include <doctest/doctest.h>

#include "ctl/commands.hpp"

using namespace vj;
using namespace vj::ctl;

namespace {

Invocation parsed(std::vector<std::string> arguments) {
  static const auto kCommands = all_commands();
  auto result = parse_arguments(std::move(arguments), kCommands);
  if (result) return std::move(*result);
  FAIL(result.error());
  return {};
}

std::string complaint(std::vector<std::string> arguments) {
  const auto commands = all_commands();
  const auto result = parse_arguments(std::move(arguments), commands);
  return result ? "" : result.error();
}

}  // namespace

TEST_CASE("options may stand before and after the command") {
  for (const auto& line : {parsed({"--json", "--home", "/h", "status"}), parsed({"status", "--home=/h", "--json"})}) {
    CHECK(line.command->name == "status");
    CHECK(line.line.has("--json"));
    CHECK(line.line.value("--home") == "/h");
    CHECK(line.line.words.empty());
  }
}

TEST_CASE("words after the command are its own") {
  const auto send = parsed({"send", "log_aggregator", "get_logs", "{\"limit\": 3}"});
  CHECK(send.line.words == std::vector<std::string>{"log_aggregator", "get_logs", "{\"limit\": 3}"});
}

TEST_CASE("-f is --follow and -h is --help") {
  CHECK(parsed({"logs", "-f"}).line.has("--follow"));
  CHECK(parsed({"logs", "-h"}).kind == Invocation::Kind::kHelp);
}

TEST_CASE("help may be asked for with and without a command") {
  CHECK(parsed({"--help"}).command == nullptr);
  CHECK(parsed({"help", "watch"}).command->name == "watch");
  CHECK(parsed({"watch", "--help"}).kind == Invocation::Kind::kHelp);
}

TEST_CASE("a command that does not exist is refused with the nearest") {
  CHECK(complaint({"statsu"}) == "there is no command 'statsu'; did you mean 'status'?");
  CHECK(complaint({"-v"}) == "unknown option '-v'");
  CHECK(complaint({"logs", "-x"}) == "unknown option '-x'");
  CHECK(complaint({"fly"}) == "there is no command 'fly'; see vjctl --help");
}

TEST_CASE("an option of another command is refused with the usage") {
  CHECK(complaint({"status", "--follow"}) == "'status' has no option --follow; usage: vjctl status");
}

TEST_CASE("missing and superfluous words are refused with the usage") {
  CHECK(complaint({"restart"}) == "something is missing; usage: vjctl restart WORKER");
  CHECK(complaint({"reset", "a", "b"}) == "'b' is too much; usage: vjctl reset WORKER");
  CHECK(complaint({}) == "what should be done? See vjctl --help");
}

TEST_CASE("the help names every command, and a command's help its own options") {
  const auto commands = all_commands();
  for (const CommandSpec& command : commands) CHECK(help(commands).contains(command.summary));
  CHECK(help(commands).contains("\n  help [COMMAND] "));
  CHECK(help(*parsed({"logs"}).command).contains("--worker NAME"));
  CHECK_FALSE(help(*parsed({"list"}).command).contains("--worker NAME"));
}
