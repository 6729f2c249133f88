#include "supervision/manager.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <signal.h>
#include <sys/wait.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "wire/names.hpp"

namespace vj::bench {
namespace {

platform::Path configured_home(const platform::Path& folder, int sleepers, const Manager::Options& options) {
  const auto home = folder / "home";
  std::filesystem::create_directories(home);
  std::ofstream config(home / "config.toml");
  config << format("[bus]\nbase_command_port = {}\nbase_telemetry_port = {}\n", options.first_port,
                   options.first_port + 20);
  config << format("[process_manager]\nbase_backoff = {0}\nmax_backoff = {0}\nmax_restarts = 1000\n", options.backoff);
  for (const char* name : {"virtualdj_monitor", "osc_debugger", "log_aggregator", "audio_analyzer"}) {
    if (options.more_configuration.find(name) != std::string::npos) continue;
    config << format("[[worker]]\nname = \"{}\"\nenabled = false\ncommand = [\"{}_worker\"]\n", name, name);
  }
  for (int i = 0; i < sleepers; ++i) {
    config << format(
        "[[worker]]\nname = \"sleeper{}\"\nkind = \"app\"\nenabled = true\nstop_on_quit = true\n"
        "command = [\"{}\", \"{}\", \"{}\"]\n",
        i, own_program(), kSleeper, (folder / std::to_string(i) / "fifo").string());
  }
  config << options.more_configuration;
  return home;
}

}  // namespace

Manager::Manager(const platform::Path& folder, int sleepers, const Options& options)
    : Supervisor(folder, sleepers),
      home_(configured_home(folder, sleepers, options)),
      directory_(loop_, home_, {}),
      client_(context_, loop_, directory_, "bench") {
  std::vector<std::string> arguments{"--home", home_.string()};
  if (options.start_all) arguments.emplace_back("--start-all");
  auto spawned = platform::spawn(
      {.program = VJ_DAEMON, .arguments = std::move(arguments), .environment = {}, .working_folder = {}});
  VJ_ASSERT(spawned);
  process_ = std::move(spawned->handle);
  const Time deadline = platform::EventLoop::clock() + 10s;
  while (!directory_.alive(wire::service::kProcessManager)) {
    VJ_ASSERT(platform::EventLoop::clock() < deadline);
    loop_.run_once(100ms);
  }
}

Manager::~Manager() {
  if (process_.has_exited()) return;
  [[maybe_unused]] const auto sent = process_.signal(SIGTERM);
  ::waitpid(process_.pid(), nullptr, 0);
}

wire::Value Manager::ask(std::string_view command, wire::Value payload) {
  std::optional<Result<wire::Response>> answer;
  client_.send(wire::service::kProcessManager, command, std::move(payload),
               [&](Result<wire::Response> response) { answer = std::move(response); });
  while (!answer) loop_.run_once(10s);
  if (*answer) return (*answer)->result;
  std::fprintf(stderr, "%s: %s\n", std::string(command).c_str(), answer->error().message.c_str());
  std::exit(1);
}

void Manager::crash() {
  [[maybe_unused]] const auto sent = process_.signal(SIGKILL);
  ::waitpid(process_.pid(), nullptr, 0);
}

}  // namespace vj::bench
