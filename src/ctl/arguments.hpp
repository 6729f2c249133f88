// The command line as a command of the table, its words and options.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/command_line.hpp"

namespace vj::ctl {

class Session;

struct CommandSpec {
  std::string_view name;
  std::string_view synopsis;  // of its words and options: "WORKER"
  std::string_view summary;   // one line, without a full stop
  std::string_view details;   // what else a person asks; may be empty
  std::size_t fewest_words = 0;
  std::size_t most_words = 0;
  std::vector<Option> options;
  int (*run)(Session& session, const CommandLine& line);  // line.words without the command; returns an exit code
};

struct Invocation {
  enum class Kind { kRun, kHelp, kVersion };
  Kind kind = Kind::kRun;
  const CommandSpec* command = nullptr;  // null for the help of vjctl itself, and for the version
  CommandLine line;
};

// Options may stand before and after the command. The error is for standard error.
[[nodiscard]] std::expected<Invocation, std::string> parse_arguments(std::vector<std::string> arguments,
                                                                     std::span<const CommandSpec> commands);

[[nodiscard]] std::string help(std::span<const CommandSpec> commands);
[[nodiscard]] std::string help(const CommandSpec& command);

}  // namespace vj::ctl
