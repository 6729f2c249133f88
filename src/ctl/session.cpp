#include "ctl/session.hpp"

#include <algorithm>
#include <cstdio>

#include "base/format.hpp"
#include "base/text.hpp"
#include "config/home.hpp"
#include "platform/tty.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/registry.hpp"
#include "wire/names.hpp"
#include "wire/worker_payload.hpp"

namespace vj::ctl {
Result<Session> Session::open(const CommandLine& line, platform::StandardOutput& output) {
  const auto home = config::resolve_home({.flag = line.value("--home"),
                                          .vj_home = platform::environment("VJ_HOME"),
                                          .user_home = platform::environment("HOME")});
  if (!home) return std::unexpected(home.error());
  const auto file = line.value("--config");
  const Style style = Style::detect(platform::standard_output_is_terminal(), platform::environment("NO_COLOR"),
                                    platform::environment("TERM"));
  return Session(output, *home, file ? platform::Path(*file) : *home / "config.toml", file.has_value(),
                 line.has("--home"), line.has("--json"), style);
}

config::Loaded Session::load_config() const {
  return config::load_file(config_file_, config_is_named_ ? config::IfMissing::kProblem : config::IfMissing::kDefaults,
                           platform::environment("HOME").value_or(""));
}

Duration Session::longest_stop() const {
  const auto loaded = load_config();
  // The process manager has its own idea of the configuration; for waiting, the default will do.
  return loaded ? config::longest_stop(*loaded) : config::Supervision{}.stop_timeout;
}

Result<wire::Response> Session::ask(std::string_view service, std::string_view command, wire::Value payload) const {
  const Duration timeout = bus::usual_timeout(command, longest_stop());
  return bus::ask(home_, "vjctl", service, command, std::move(payload), timeout);
}

bool Session::print_line(std::string_view text) const { return print(std::string(text) + '\n'); }

void Session::complain(std::string_view text) const {
  const std::string line = format("vjctl: {}\n", text);
  std::fputs(line.c_str(), stderr);
}

Place Session::place() const {
  const auto usual = config::resolve_home({.flag = {}, .vj_home = {}, .user_home = platform::environment("HOME")});
  return {.programs = platform::executable_folder().string(),
          .home = home_.string(),
          .home_is_usual = usual && *usual == home_,
          .config_file = config_is_named_ ? std::optional(config_file_.string()) : std::nullopt};
}

std::string Session::vjctl() const { return home_is_named_ ? "vjctl --home " + shell_word(home_.string()) : "vjctl"; }

std::vector<Session::KnownWorker> Session::known_workers() const {
  std::vector<KnownWorker> known;
  const auto response = ask(wire::service::kProcessManager, wire::command::kListWorkers);
  if (response && response->status == wire::Status::kOk) {
    for (const auto& worker : wire::worker_list_from(response->result)) {
      known.push_back({worker.name, worker.kind == "app"});
    }
  } else if (const auto loaded = load_config()) {
    for (const auto& worker : loaded->workers) {
      known.push_back({worker.name, worker.kind == config::WorkerKind::kApp});
    }
  }
  return known;
}

bool Session::has_process_manager() const {
  const auto registry = bus::Registry(home_).read();
  const auto* entry = registry ? registry->find(wire::service::kProcessManager) : nullptr;
  return entry != nullptr && bus::is_alive(*entry);
}

std::string Session::instead_of_worker(std::string_view wrong) const {
  std::vector<std::string> names;
  for (const KnownWorker& worker : known_workers()) names.push_back(worker.name);
  return instead_of(wrong, names);
}

int Session::no_answer(std::string_view service, const Error& error) const {
  complain(printable(error.message));
  if (error.code != ErrorCode::kUnavailable) return kExitFailed;
  if (service == wire::service::kProcessManager) {
    complain("to start it: " + how_to_start(place()));
    return kExitNobodyThere;
  }
  const auto known = known_workers();
  const auto worker = std::ranges::find(known, service, &KnownWorker::name);
  if (worker == known.end()) {
    complain("there is no worker of that name" + instead_of_worker(service));
  } else if (worker->is_app) {
    complain("it is an app, and those take no commands");
  } else if (has_process_manager()) {
    complain(format("to start it: {} start {}", vjctl(), printable(service)));
  } else {
    complain("the process manager, which would start it, is not running either; to start that: " +
             how_to_start(place()));
  }
  return kExitNobodyThere;
}

int Session::wrong_usage(std::string_view text) const {
  complain(text);
  return kExitUsage;
}

}  // namespace vj::ctl
