#include "base/command_line.hpp"

#include <algorithm>
#include <cstdio>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_word(std::string_view argument) {
  return argument.size() < 2 || argument[0] != '-' || (argument[1] != '-' && !is_letter(argument[1]));
}

std::unexpected<Error> unknown_option(std::string_view name, std::span<const Option> options) {
  std::vector<std::string> known;
  for (const auto& option : options) known.emplace_back(option.name);
  const auto nearest = name.starts_with("--") ? nearest_name(name, known) : std::nullopt;
  return fail(ErrorCode::kInvalid, nearest ? format("unknown option '{}'; did you mean '{}'?", name, *nearest)
                                           : format("unknown option '{}'", name));
}

}  // namespace

std::optional<std::string> CommandLine::value(std::string_view option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::nullopt : std::optional(found->second);
}

Result<CommandLine> parse_command_line(std::span<const std::string> arguments, std::span<const Option> options) {
  CommandLine line;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--") {
      line.words.insert(line.words.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      return line;
    }
    if (is_word(argument)) {
      line.words.emplace_back(argument);
      continue;
    }
    const auto equals = argument.find('=');
    const auto name = argument.substr(0, equals);
    const bool is_short = !argument.starts_with("--");
    const auto option = is_short && argument.size() == 2 ? std::ranges::find(options, argument[1], &Option::letter)
                                                         : std::ranges::find(options, name, &Option::name);
    if (option == options.end()) return unknown_option(name, options);
    if (option->value.empty()) {
      if (equals != std::string_view::npos) return fail(ErrorCode::kInvalid, format("{} takes no value", name));
      line.options.emplace(option->name, "");
    } else if (equals != std::string_view::npos) {
      line.options.insert_or_assign(std::string(option->name), std::string(argument.substr(equals + 1)));
    } else if (i + 1 < arguments.size()) {
      line.options.insert_or_assign(std::string(option->name), arguments[++i]);
    } else {
      return fail(ErrorCode::kInvalid, format("{} needs a value: {} {}", name, name, option->value));
    }
  }
  return line;
}

std::string describe_options(std::span<const Option> options) {
  const auto left_of = [](const Option& option) {
    return option.value.empty() ? std::string(option.name) : format("{} {}", option.name, option.value);
  };
  std::size_t width = 0;
  for (const auto& option : options) width = std::max(width, left_of(option).size());
  std::string text;
  for (const auto& option : options) text += format("  {:<{}}  {}\n", left_of(option), width, option.help);
  return text;
}

std::expected<CommandLine, EarlyEnd> open_command_line(std::span<const std::string> arguments,
                                                       const ProgramDescription& program,
                                                       std::span<const Option> options) {
  const auto usage = format("usage: {} [OPTIONS]", program.name);
  const auto wrong = [&](std::string_view what) {
    return std::unexpected(
        EarlyEnd{kExitUsage, format("{}: {}\n{}, see {} --help\n", program.name, what, usage, program.name)});
  };
  auto line = parse_command_line(arguments, options);
  if (!line) return wrong(line.error().message);
  if (line->has(kHelpOption.name)) {
    return std::unexpected(EarlyEnd{
        0, format("{}: {}.\n\n{}\n\noptions:\n{}", program.name, program.summary, usage, describe_options(options))});
  }
  if (line->has(kVersionOption.name)) {
    return std::unexpected(EarlyEnd{0, format("{} {}\n", program.name, VJ_VERSION)});
  }
  if (!line->words.empty()) return wrong(format("unexpected '{}'", printable(line->words.front())));
  return std::move(*line);
}

int carry_out(const EarlyEnd& end) {
  std::fputs(end.text.c_str(), end.code == 0 ? stdout : stderr);
  return end.code;
}

std::vector<std::string> arguments_of(int argc, char** argv) { return {argv + std::min(argc, 1), argv + argc}; }

}  // namespace vj
