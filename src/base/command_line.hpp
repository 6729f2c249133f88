// Reads a program's command line: options by their names, then words. The same rules, the same words of complaint and
// the same help in every program of ours.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/exit_code.hpp"
#include "base/result.hpp"

namespace vj {

struct Option {
  std::string_view name;   // "--home"
  std::string_view value;  // "DIR" where it takes one, else empty
  std::string_view help;
  char letter = '\0';  // 'h' for -h; none where it has no short form
};

struct CommandLine {
  std::map<std::string, std::string, std::less<>> options;  // those given, by name; a flag's value is empty
  std::vector<std::string> words;

  [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
  [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
};

// `arguments` without the program's name. "--home DIR" and "--home=DIR"; "--" ends the options. What begins with '-'
// and a letter is an option, and "-3" a word. kInvalid says what is wrong and what was probably meant.
[[nodiscard]] Result<CommandLine> parse_command_line(std::span<const std::string> arguments,
                                                     std::span<const Option> options);

// One line an option, aligned, each ended by a line break.
[[nodiscard]] std::string describe_options(std::span<const Option> options);

[[nodiscard]] std::vector<std::string> arguments_of(int argc, char** argv);

struct ProgramDescription {
  std::string name;     // as it is called in a shell
  std::string summary;  // one line, without a full stop
};

// How a program ends before it has begun.
struct EarlyEnd {
  int code = kExitDone;  // or kExitUsage
  std::string text;      // for standard output where all is well, else for standard error
};

// The command line of a program that takes options alone, --help and --version among them: with those, and where it is
// wrong, that is all.
[[nodiscard]] std::expected<CommandLine, EarlyEnd> open_command_line(std::span<const std::string> arguments,
                                                                     const ProgramDescription& program,
                                                                     std::span<const Option> options);
// Tells it, and returns its code for main.
int carry_out(const EarlyEnd& end);

inline constexpr Option kHelpOption{"--help", "", "(-h) this text", 'h'};
inline constexpr Option kVersionOption{"--version", "", "the version of this program"};

}  // namespace vj
