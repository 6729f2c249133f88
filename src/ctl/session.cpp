#include "ctl/session.hpp"

#include <algorithm>
#include <cstdio>

#include "base/format.hpp"
#include "base/text.hpp"
#include "config/home.hpp"
#include "ctl/status_report.hpp"
#include "platform/tty.hpp"
#include "vj_bus/client.hpp"
#include "wire/names.hpp"

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
                 line.has("--json"), style);
}

config::Loaded Session::load_config() const {
  return config::load_file(config_file_, config_is_named_ ? config::IfMissing::kProblem : config::IfMissing::kDefaults,
                           platform::environment("HOME").value_or(""));
}

Duration Session::longest_stop() const {
  const auto loaded = load_config();
  // The process manager has its own idea of the configuration; for waiting, the default will do.
  if (!loaded) return config::Supervision{}.stop_timeout;
  Duration longest = loaded->process_manager.stop_timeout;
  for (const config::Worker& worker : loaded->workers) longest = std::max(longest, worker.supervision.stop_timeout);
  return longest;
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

int Session::no_answer(std::string_view service, const Error& error) const {
  complain(printable(error.message));
  if (error.code != ErrorCode::kUnavailable) return kFailed;
  complain("to start it: " + (service == wire::service::kProcessManager
                                  ? how_to_start(home_.string())
                                  : format("vjctl start {}", printable(service))));
  return kNobodyThere;
}

int Session::wrong_usage(std::string_view text) const {
  complain(text);
  return kWrongUsage;
}

}  // namespace vj::ctl
