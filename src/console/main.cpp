// vj_console: options, configuration, terminal, and the shell that runs until it is over.
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>

#include "base/command_line.hpp"
#include "base/exit_code.hpp"
#include "base/format.hpp"
#include "base/text.hpp"
#include "config/home.hpp"
#include "config/load.hpp"
#include "console/demo/show.hpp"
#include "console/shell.hpp"
#include "console/theme.hpp"
#include "platform/files.hpp"
#include "platform/signals.hpp"
#include "platform/tty.hpp"

namespace {

using namespace vj;

constexpr Option kOptions[] = {
    {"--home", "DIR", "registry, logs and configuration; default $VJ_HOME, else ~/.vj"},
    {"--config", "FILE", "configuration; default config.toml in the home"},
    {"--screen", "N", "the screen to begin with: 0 Overview, 1 Playback, 2 Lyrics & AI, 3 Audio, 4 OSC, 5 Logs"},
    {"--ascii", "", "draw with ASCII only"},
    {"--no-auto-start", "", "start neither the process manager nor workers unasked"},
    {"--demo", "", "a built-in show in a home of its own: no player or sound card needed"},
    kHelpOption,
    kVersionOption};

int refuse(int code, const std::string& why) {
  std::fprintf(stderr, "vj_console: %s\n", why.c_str());
  return code;
}

std::string variable(const char* name) { return platform::environment(name).value_or(""); }

// A locale that somebody chose and that is not UTF-8. None at all is what containers and services have, whose
// terminals are UTF-8 like all others.
bool is_ascii_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = lower_ascii(variable(name));
    if (!value.empty()) return value.find("utf-8") == std::string::npos && value.find("utf8") == std::string::npos;
  }
  return false;
}

Duration utc_offset() {
  const std::time_t now = std::time(nullptr);
  const std::tm* local = std::localtime(&now);
  return local != nullptr ? std::chrono::seconds(local->tm_gmtoff) : 0s;
}

Result<console::demo::Show> open_demo() {
  const auto runtime_folder = platform::environment("XDG_RUNTIME_DIR");
  const auto user_home = platform::environment("HOME");
  if (!runtime_folder && !user_home) return fail(ErrorCode::kUnavailable, "neither XDG_RUNTIME_DIR nor HOME is set");
  return console::demo::Show::open(console::demo::home_of(runtime_folder, user_home.value_or("")));
}

std::expected<console::Shell::Setup, int> set_up(const CommandLine& line) {
  console::Shell::Setup setup;
  if (const auto screen = line.value("--screen")) {
    const auto number = parse_integer(*screen);
    if (!number || *number < 0 || *number >= console::kScreenCount) {
      return std::unexpected(refuse(kExitUsage, format("--screen is 0 to 5, not '{}'", *screen)));
    }
    setup.model.screen = static_cast<console::Screen>(*number);
  }
  if (line.has("--demo")) {
    for (const char* option : {"--home", "--config"}) {
      if (line.has(option)) return std::unexpected(refuse(kExitUsage, format("--demo has its own {}", option + 2)));
    }
    auto show = open_demo();
    if (!show) return std::unexpected(refuse(kExitFailed, "the demo: " + show.error().message));
    setup.demo = std::move(*show);
  }
  const auto user_home = platform::environment("HOME");
  const auto home =
      setup.demo
          ? Result<std::filesystem::path>(setup.demo->home())
          : config::resolve_home(
                {.flag = line.value("--home"), .vj_home = platform::environment("VJ_HOME"), .user_home = user_home});
  if (!home) return std::unexpected(refuse(kExitConfiguration, home.error().message));
  std::error_code no_working_folder;  // then the paths stay as they are
  setup.feed.home = std::filesystem::absolute(*home, no_working_folder);
  const auto usual_home =
      config::resolve_home({.flag = {}, .vj_home = platform::environment("VJ_HOME"), .user_home = user_home});
  const bool has_own_home = !usual_home || std::filesystem::absolute(*usual_home, no_working_folder) != setup.feed.home;
  if (const auto ready = platform::ensure_private_folder(setup.feed.home); !ready) {
    return std::unexpected(refuse(kExitConfiguration, ready.error().message));
  }
  if (const auto file = line.value("--config")) {
    setup.feed.config_file = std::filesystem::absolute(*file, no_working_folder);
  }
  auto config = config::load_file(setup.feed.config_file.value_or(setup.feed.home / "config.toml"),
                                  setup.feed.config_file ? config::IfMissing::kProblem : config::IfMissing::kDefaults,
                                  user_home.value_or(""));
  if (!config)
    return std::unexpected(
        refuse(kExitConfiguration, "the configuration is wrong:\n" + config::to_string(config.error())));
  setup.commands = console::commands_for(
      {.home = has_own_home ? std::optional(setup.feed.home.string()) : std::nullopt,
       .config_file = setup.feed.config_file ? std::optional(setup.feed.config_file->string()) : std::nullopt,
       .demo = setup.demo.has_value()});
  setup.feed.auto_start = config->console.auto_start_workers && !line.has("--no-auto-start");
  setup.colors = console::color_depth(variable("TERM"), variable("COLORTERM"), variable("NO_COLOR"));
  setup.model.mouse = config->console.mouse;
  setup.model.setup = {.ascii = line.has("--ascii") || config->console.ascii || is_ascii_locale(),
                       .confirm_quit = config->console.confirm_quit,
                       .home = setup.feed.home.string(),
                       .utc_offset = utc_offset()};
  setup.feed.config = std::move(*config);
  return setup;
}

int run(int argc, char** argv) {
  const auto line = open_command_line(arguments_of(argc, argv),
                                      {.name = "vj_console", .summary = "shows and steers the show"}, kOptions);
  if (!line) return carry_out(line.error());
  auto setup = set_up(*line);
  if (!setup) return setup.error();
  auto tty = platform::Tty::open();
  if (!tty) return refuse(kExitFailed, tty.error().message + "; run it in a terminal, or use vjctl");
  platform::ignore_broken_pipes();
  console::theme::use(setup->colors);
  console::Shell shell(std::move(*tty), std::move(*setup));
  const int code = shell.run();
  if (!shell.last_words().empty()) std::printf("%s\n", shell.last_words().c_str());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return refuse(kExitFailed, error.what());
  }
}
