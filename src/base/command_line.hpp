// Reads a program's command line: options by their long names, then words. The same rules and the same words of
// complaint in every program of ours.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace vj {

struct Option {
  std::string_view name;   // "--home"
  std::string_view value;  // "DIR" where it takes one, else empty
  std::string_view help;
};

struct CommandLine {
  std::map<std::string, std::string, std::less<>> options;  // those given, by name; a flag's value is empty
  std::vector<std::string> words;

  [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
  [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
};

// `arguments` without the program's name. "--home DIR" and "--home=DIR"; "--" ends the options. kInvalid says what is
// wrong and what was probably meant.
[[nodiscard]] Result<CommandLine> parse_command_line(std::span<const std::string> arguments,
                                                     std::span<const Option> options);

// One line an option, aligned, each ended by a line break.
[[nodiscard]] std::string describe_options(std::span<const Option> options);

[[nodiscard]] std::vector<std::string> arguments_of(int argc, char** argv);

}  // namespace vj
