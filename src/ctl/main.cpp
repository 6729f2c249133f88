// vjctl: parse, run one command, return its code.
#include <cstdio>
#include <exception>

#include "ctl/commands.hpp"
#include "ctl/session.hpp"
#include "platform/signals.hpp"

namespace {

using namespace vj;

int run(int argc, char** argv) {
  const auto commands = ctl::all_commands();
  const auto invocation = ctl::parse_arguments(arguments_of(argc, argv), commands);
  if (!invocation) {
    std::fprintf(stderr, "vjctl: %s\n", invocation.error().c_str());
    return ctl::kWrongUsage;
  }
  if (invocation->kind == ctl::Invocation::Kind::kHelp) {
    std::fputs((invocation->command ? ctl::help(*invocation->command) : ctl::help(commands)).c_str(), stdout);
    return ctl::kDone;
  }
  if (invocation->kind == ctl::Invocation::Kind::kVersion) {
    std::puts("vjctl " VJ_VERSION);
    return ctl::kDone;
  }
  platform::ignore_broken_pipes();
  auto session = ctl::Session::open(invocation->line);
  if (!session) {
    std::fprintf(stderr, "vjctl: %s\n", session.error().message.c_str());
    return ctl::kConfiguration;
  }
  return invocation->command->run(*session, invocation->line);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vjctl: %s\n", error.what());
    return ctl::kFailed;
  }
}
