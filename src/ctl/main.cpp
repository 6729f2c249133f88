// vjctl: parse, run one command, return its code.
#include <cstdio>
#include <exception>

#include "ctl/commands.hpp"
#include "ctl/session.hpp"
#include "platform/signals.hpp"
#include "platform/standard_output.hpp"

namespace {

using namespace vj;

int complain(int code, std::string_view text) {
  std::fprintf(stderr, "vjctl: %.*s\n", static_cast<int>(text.size()), text.data());
  return code;
}

int run(int argc, char** argv, platform::StandardOutput& output) {
  const auto commands = ctl::all_commands();
  const auto invocation = ctl::parse_arguments(arguments_of(argc, argv), commands);
  if (!invocation) {
    return complain(kExitUsage, invocation.error());
  }
  if (invocation->kind == ctl::Invocation::Kind::kHelp) {
    output.print(invocation->command ? ctl::help(*invocation->command) : ctl::help(commands));
    return kExitDone;
  }
  if (invocation->kind == ctl::Invocation::Kind::kVersion) {
    output.print("vjctl " VJ_VERSION "\n");
    return kExitDone;
  }
  auto session = ctl::Session::open(invocation->line, output);
  if (!session) return complain(kExitConfiguration, session.error().message);
  return invocation->command->run(*session, invocation->line);
}

}  // namespace

int main(int argc, char** argv) {
  platform::reserve_standard_descriptors();
  platform::ignore_broken_pipes();
  platform::StandardOutput output;
  try {
    const int code = run(argc, argv, output);
    if (!output.loss()) return code;
    complain(code, output.loss()->message);
    return code == kExitDone ? kExitFailed : code;
  } catch (const std::exception& error) {
    return complain(kExitFailed, error.what());
  }
}
