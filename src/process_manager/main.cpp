// The daemon that starts, watches, heals, stops and adopts workers and apps.
#include <cstdio>
#include <optional>
#include <vector>

#include "base/command_line.hpp"
#include "base/exit_code.hpp"
#include "base/format.hpp"
#include "config/home.hpp"
#include "config/load.hpp"
#include "platform/open_files.hpp"
#include "platform/service_notifier.hpp"
#include "platform/signals.hpp"
#include "supervisor_host/process_manager.hpp"

namespace {

using namespace vj;
using supervisor_host::Ending;

// With less, the messaging library ends the process, or a worker cannot be watched.
constexpr std::uint64_t kFewestOpenFiles = 64;

constexpr Option kOptions[] = {{"--home", "DIR", "registry, logs and configuration; default $VJ_HOME, else ~/.vj"},
                               {"--config", "FILE", "configuration; default config.toml in the home"},
                               {"--start-all", "", "start every enabled worker at once"},
                               {"--service", "", "a service manager runs it: stay, idle, when a console quits"},
                               kHelpOption,
                               kVersionOption};

int refuse(int code, const std::string& why) {
  std::fprintf(stderr, "process_manager_daemon: %s\n", why.c_str());
  return code;
}

struct Setup {
  platform::Path home;
  std::optional<platform::Path> config_file;
  config::Config config;
  bool start_all = false;
  bool stays = false;
};

// A setup, or the exit code for what is wrong with the home or the configuration.
std::expected<Setup, int> set_up(const CommandLine& line) {
  const auto user_home = platform::environment("HOME");
  const auto home = config::resolve_home(
      {.flag = line.value("--home"), .vj_home = platform::environment("VJ_HOME"), .user_home = user_home});
  if (!home) return std::unexpected(refuse(kExitConfiguration, home.error().message));
  std::error_code error;
  const auto absolute_home = std::filesystem::absolute(*home, error);
  if (const auto ready = platform::ensure_private_folder(absolute_home); !ready) {
    return std::unexpected(refuse(kExitConfiguration, ready.error().message));
  }
  Setup setup{.home = absolute_home,
              .config_file = {},
              .config = {},
              .start_all = line.has("--start-all"),
              .stays = line.has("--service")};
  if (const auto file = line.value("--config")) setup.config_file = std::filesystem::absolute(*file, error);
  auto config = config::load_file(setup.config_file.value_or(setup.home / "config.toml"),
                                  setup.config_file ? config::IfMissing::kProblem : config::IfMissing::kDefaults,
                                  user_home.value_or(""));
  if (!config)
    return std::unexpected(
        refuse(kExitConfiguration, "the configuration is wrong:\n" + config::to_string(config.error())));
  setup.config = std::move(*config);
  return setup;
}

// Runs one process manager to its end.
Ending run(Setup setup, platform::FileLock lock, const platform::ServiceNotifier& notifier) {
  platform::EventLoop loop;
  platform::Logger log("process_manager", parse_log_level(setup.config.log.level).value_or(LogLevel::kInfo));
  bus::Context context;
  std::optional<supervisor_host::ProcessManager> manager;
  // A service manager that cannot be told will say so itself, when it gives up waiting.
  const auto tell = [&](const Result<void>& told) {
    if (!told) log.debug("{}", told.error().message);
  };
  const platform::SignalWatch signals(
      loop,
      {platform::signals::kTerminate, platform::signals::kInterrupt, platform::signals::kUser1,
       platform::signals::kHangup},
      [&](int signal) {
        // The terminal that it was started from has gone; the show goes on.
        if (signal == platform::signals::kHangup) return;
        if (signal == platform::signals::kUser1) return manager->leave(Ending::kHandedOver);
        manager->shut_down(supervisor_host::ShutdownScope::kWorkersAndAppsThatStopOnQuit);
      });
  Ending how = Ending::kFailed;
  supervisor_host::ProcessManager::Callbacks callbacks{.ended = [&](Ending ending) {
    how = ending;
    loop.stop();
  }};
  // From the loop that does the work, so that one that hangs is seen to hang; twice in the time that it has.
  auto sign_of_life = loop.timer([&] { tell(notifier.alive()); });
  if (notifier) {
    callbacks.ready = [&] { tell(notifier.ready()); };
    callbacks.stopping = [&] { tell(notifier.stopping()); };
    callbacks.status = [&](const std::string& words) { tell(notifier.status(words)); };
    if (notifier.watchdog()) sign_of_life.every(*notifier.watchdog() / 2);
  }
  // What is logged while it adopts comes before there is a publisher.
  std::vector<LogRecord> early_records;
  log.set_listener([&](const LogRecord& record) { early_records.push_back(record); });
  // Not ours to change, if somebody made it so; but what it holds, secrets too, is worth a word.
  if (const auto status = platform::file_status(setup.home); status && (status->mode & 0077U) != 0) {
    log.warning("⚠️ {} is open to other users; to keep it private: chmod 700 {}", setup.home.string(),
                setup.home.string());
  }
  manager.emplace(loop, log, context, std::move(setup.config),
                  supervisor_host::ProcessManager::Options{.home = setup.home,
                                                           .programs = platform::executable_folder(),
                                                           .config_file = setup.config_file,
                                                           .stays = setup.stays},
                  std::move(lock), std::move(callbacks));
  for (const LogRecord& record : early_records) manager->publish(record);
  log.set_listener([&](const LogRecord& record) { manager->publish(record); });
  if (setup.start_all) manager->start_all(supervision::RequestedBy::kPerson);
  loop.run();
  log.set_listener({});
  return how;
}

int restart(std::vector<std::string> arguments) {
  // Who runs and who was stopped is kept; what was asked for in the beginning is not asked for again.
  std::erase(arguments, "--start-all");
  const auto successor = platform::spawn({.program = platform::executable_folder() / "process_manager_daemon",
                                          .arguments = std::move(arguments),
                                          .environment = {},
                                          .working_folder = {},
                                          .output_fd = platform::kStandardError});
  return successor ? 0 : refuse(kExitFailed, successor.error().message);
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = arguments_of(argc, argv);
  const auto line = open_command_line(
      arguments, {.name = "process_manager_daemon", .summary = "keeps the workers running"}, kOptions);
  if (!line) return carry_out(line.error());
  platform::ignore_broken_pipes();
  const auto notifier = platform::ServiceNotifier::take_from_environment();
  if (!notifier) return refuse(kExitFailed, notifier.error().message);
  if (const auto limit = platform::open_file_limit(); limit < kFewestOpenFiles) {
    return refuse(kExitFailed,
                  format("too many open files: {} are allowed (ulimit -n), and it needs {}", limit, kFewestOpenFiles));
  }
  auto setup = set_up(*line);
  if (!setup) return setup.error();
  auto lock = supervisor_host::take_home(setup->home, supervisor_host::Role::kDaemon);
  if (!lock) return refuse(supervisor_host::kExitRefused, lock.error().message);
  switch (run(std::move(*setup), std::move(*lock), *notifier)) {
    case Ending::kFailed:
      return kExitFailed;
    case Ending::kRestart:
      // A service manager starts the successor itself.
      return line->has("--service") ? 0 : restart(arguments);
    case Ending::kShutDown:
    case Ending::kHandedOver:
    case Ending::kYielded:
      return 0;
  }
}
