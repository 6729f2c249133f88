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
    Option{"--help", "", "help; with a command: about that command"},
    Option{"--version", "", "the version of this program"},
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

void spell_out(std::vector<std::string>& arguments) {
  for (std::string& argument : arguments) {
    if (argument == "--") return;
    if (argument == "-f") argument = "--follow";
    if (argument == "-h") argument = "--help";
  }
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
  spell_out(arguments);
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
  std::size_t width = 0;
  const auto left_of = [](const CommandSpec& command) { return format("{} {}", command.name, command.synopsis); };
  for (const CommandSpec& command : commands) width = std::max(width, left_of(command).size());
  for (const CommandSpec& command : commands) {
    text += format("  {:<{}}  {}\n", left_of(command), width, command.summary);
  }
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
