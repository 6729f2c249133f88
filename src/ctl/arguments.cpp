#include "ctl/arguments.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::ctl {
namespace {

constexpr std::array kCommonOptions{
    Option{"--home", "DIR", "the home to talk to; default $VJ_HOME, else ~/.vj"},
    Option{"--config", "FILE", "configuration; default config.toml in the home"},
    Option{"--json", "", "print JSON on standard output, for programs"},
    Option{"--help", "", "(-h) help; with a command: about that command", 'h'},
    kVersionOption,
};

bool contains(std::span<const Option> options, std::string_view name) {
  return std::ranges::find(options, name, &Option::name) != options.end();
}

std::vector<Option> options_of_all(std::span<const CommandSpec> commands) {
  std::vector<Option> all(kCommonOptions.begin(), kCommonOptions.end());
  for (const CommandSpec& command : commands) {
    for (const Option& option : command.options) {
      if (!contains(all, option.name)) all.push_back(option);
    }
  }
  return all;
}

std::string usage(const CommandSpec& command) {
  return format("usage: vjctl {}{}{}", command.name, command.synopsis.empty() ? "" : " ", command.synopsis);
}

std::string no_such_command(std::string_view word, std::span<const CommandSpec> commands) {
  std::vector<std::string> names;
  for (const CommandSpec& command : commands) names.emplace_back(command.name);
  const auto nearest = nearest_name(word, names);
  return format("there is no command '{}'{}", printable(word),
                nearest ? format("; did you mean '{}'?", *nearest) : "; see vjctl --help");
}

// What is wrong with the words and options of a command; empty where nothing is.
std::string misuse(const CommandSpec& command, const CommandLine& line) {
  for (const auto& [name, value] : line.options) {
    if (!contains(kCommonOptions, name) && !contains(command.options, name)) {
      return format("'{}' has no option {}; {}", command.name, name, usage(command));
    }
  }
  if (line.words.size() < command.fewest_words) return "something is missing; " + usage(command);
  if (line.words.size() > command.most_words) {
    return format("'{}' is too much; {}", printable(line.words[command.most_words]), usage(command));
  }
  return "";
}

}  // namespace

std::expected<Invocation, std::string> parse_arguments(std::vector<std::string> arguments,
                                                       std::span<const CommandSpec> commands) {
  auto line = parse_command_line(arguments, options_of_all(commands));
  if (!line) return std::unexpected(line.error().message);
  Invocation invocation{.line = std::move(*line)};
  auto& words = invocation.line.words;
  bool wants_help = invocation.line.has("--help");
  if (!words.empty() && words.front() == "help") {
    wants_help = true;
    words.erase(words.begin());
  }
  if (!words.empty()) {
    const auto found = std::ranges::find(commands, words.front(), &CommandSpec::name);
    if (found == commands.end()) return std::unexpected(no_such_command(words.front(), commands));
    invocation.command = &*found;
    words.erase(words.begin());
  }
  if (wants_help) {
    invocation.kind = Invocation::Kind::kHelp;
  } else if (invocation.line.has("--version")) {
    invocation.kind = Invocation::Kind::kVersion;
  } else if (!invocation.command) {
    return std::unexpected("what should be done? See vjctl --help");
  } else if (std::string wrong = misuse(*invocation.command, invocation.line); !wrong.empty()) {
    return std::unexpected(std::move(wrong));
  }
  return invocation;
}

std::string help(std::span<const CommandSpec> commands) {
  std::string text =
      "vjctl controls a running VJ Console from a shell.\n\nusage: vjctl [OPTIONS] COMMAND [ARGUMENTS]\n\ncommands:\n";
  std::vector<std::pair<std::string, std::string_view>> rows;
  for (const CommandSpec& command : commands) {
    rows.emplace_back(format("{} {}", command.name, command.synopsis), command.summary);
  }
  rows.emplace_back("help [COMMAND]", "This text, or more about a command");
  std::size_t width = 0;
  for (const auto& [left, summary] : rows) width = std::max(width, left.size());
  for (const auto& [left, summary] : rows) text += format("  {:<{}}  {}\n", left, width, summary);
  text += "\noptions:\n" + describe_options(kCommonOptions);
  text += "\nexit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing to talk to, 78 wrong configuration\n";
  return text;
}

std::string help(const CommandSpec& command) {
  std::string text = format("{}\n\n{}.\n", usage(command), command.summary);
  if (!command.details.empty()) text += format("{}\n", command.details);
  std::vector<Option> options = command.options;
  options.insert(options.end(), kCommonOptions.begin(), kCommonOptions.end());
  return text + "\noptions:\n" + describe_options(options);
}

}  // namespace vj::ctl
