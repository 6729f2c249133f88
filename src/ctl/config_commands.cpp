// config init, check and show.
#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "config/default_text.hpp"
#include "config/secrets.hpp"
#include "config/show.hpp"
#include "ctl/commands.hpp"
#include "ctl/session.hpp"
#include "wire/json.hpp"

namespace vj::ctl {
namespace {

using wire::Value;

Value to_value(const config::Value& value) {
  return std::visit(
      Overloaded{
          [](const auto& scalar) { return Value(scalar); },
          [](const std::vector<std::int64_t>& items) { return Value(Value::Array(items.begin(), items.end())); },
          [](const std::vector<std::string>& items) { return Value(Value::Array(items.begin(), items.end())); },
      },
      value);
}

Value to_value(const std::vector<config::Problem>& problems) {
  Value list = Value::array();
  for (const config::Problem& problem : problems) {
    list.append(
        Value::object({{"file", problem.file}, {"line", problem.line}, {"key", problem.key}, {"what", problem.what}}));
  }
  return list;
}

void complain(const std::vector<config::Problem>& problems) {
  for (const config::Problem& problem : problems) std::fprintf(stderr, "%s\n", config::to_string(problem).c_str());
}

int run_init(Session& session) {
  const platform::Path& file = session.config_file();
  if (platform::file_status(file)) {
    session.complain(format("{} exists already and stays as it is", file.string()));
    return kExitFailed;
  }
  // Only the home is ours to make; a folder that a person named must be there.
  if (const auto parent = file.parent_path();
      parent != session.home() && !parent.empty() && !platform::file_status(parent)) {
    session.complain(format("there is no folder {}", parent.string()));
    return kExitFailed;
  }
  const auto folder =
      file.parent_path() == session.home() ? platform::ensure_private_folder(session.home()) : Result<void>{};
  const auto written =
      !folder ? folder : platform::write_file_atomically(file, config::default_text(), file.string() + ".tmp");
  if (!written) {
    session.complain(written.error().message);
    return kExitFailed;
  }
  session.print_line(session.json()
                         ? wire::to_json(Value::object({{"file", file.string()}, {"written", true}}))
                         : format("wrote {}; every setting in it is commented out, so nothing changed", file.string()));
  return kExitDone;
}

int run_check(Session& session) {
  const auto loaded = session.load_config();
  const auto variables = config::read_env_file(session.home() / ".env");
  std::vector<config::Problem> problems;
  if (!loaded) problems = loaded.error();
  if (!variables) problems.insert(problems.end(), variables.error().begin(), variables.error().end());
  const std::string file = session.config_file().string();
  complain(problems);
  if (session.json()) {
    session.print_line(
        wire::to_json(Value::object({{"file", file}, {"ok", problems.empty()}, {"problems", to_value(problems)}})));
  } else if (problems.empty()) {
    session.print_line(platform::file_status(file) ? format("{} is fine", file)
                                                   : format("there is no {}; the defaults count", file));
  }
  return problems.empty() ? kExitDone : kExitConfiguration;
}

int run_show(Session& session) {
  const auto loaded = session.load_config();
  if (!loaded) {
    complain(loaded.error());
    return kExitConfiguration;
  }
  if (!session.json()) {
    session.print(config::to_toml(*loaded));
    return kExitDone;
  }
  Value settings = Value::object();
  for (const config::Setting& setting : config::settings_of(*loaded))
    settings.set(setting.key, to_value(setting.value));
  session.print_line(wire::to_json(settings));
  return kExitDone;
}

int run_config(Session& session, const CommandLine& line) {
  const std::string& what = line.words.front();
  if (what == "init") return run_init(session);
  if (what == "check") return run_check(session);
  if (what == "show") return run_show(session);
  return session.wrong_usage(format("'config {}' is none of init, check, show", printable(what)));
}

}  // namespace

std::vector<CommandSpec> config_commands() {
  return {{.name = "config",
           .synopsis = "init|check|show",
           .summary = "The configuration file",
           .details =
               "init writes one with every setting commented out, and never over another; check tells everything\n"
               "that is wrong with it; show prints what counts, defaults included. Exit code 78 where it is wrong.",
           .fewest_words = 1,
           .most_words = 1,
           .options = {},
           .run = run_config}};
}

}  // namespace vj::ctl
