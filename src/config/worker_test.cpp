
#include <doctest/doctest.h>

#include "base/format.hpp"
#include "config/load.hpp"

using namespace vj;
using namespace vj::config;

namespace {

Config loaded(std::string_view text) {
  const Loaded result = load(text, "config.toml");
  if (result) return *result;
  FAIL(to_string(result.error()));
  return {};
}

Worker worker(const Config& config, std::string_view name) {
  const Worker* found = find_worker(config, name);
  REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

std::string problems(std::string_view text) {
  const Loaded result = load(text, "config.toml");
  return result ? "" : to_string(result.error());
}

}  // namespace

TEST_CASE("the built-in workers have the ports of the bus protocol's table") {
  const Config config = default_config();
  CHECK(process_manager_ports(config.bus) == Ports{5000, 5100});
  CHECK(worker(config, "virtualdj_monitor").ports == Ports{5002, 5102});
  CHECK(worker(config, "osc_debugger").ports == Ports{5004, 5104});
  CHECK(worker(config, "audio_analyzer").ports == Ports{5006, 5106});
  CHECK(worker(config, "audio_analyzer").enabled);
  CHECK(worker(config, "log_aggregator").ports == Ports{5005, 5105});
  CHECK(worker(config, "example_worker").ports == Ports{5007, 5107});
}

TEST_CASE("every built-in worker but the example is enabled") {
  for (const Worker& each : default_config().workers) {
    if (each.kind == WorkerKind::kWorker) CHECK_MESSAGE(each.enabled == (each.name != "example_worker"), each.name);
  }
}

TEST_CASE("apps start when asked, keep the picture on the wall, and have no ports") {
  const Worker synesthesia = worker(default_config(), "synesthesia");
  CHECK(synesthesia.kind == WorkerKind::kApp);
  CHECK_FALSE(synesthesia.enabled);
  CHECK_FALSE(synesthesia.stop_on_quit);
  CHECK_FALSE(synesthesia.ports.has_value());
  CHECK(synesthesia.match == "Synesthesia");
  CHECK_FALSE(worker(default_config(), "milksyphon").restart);
  CHECK(worker(default_config(), "milksyphon").match == "projectMSDL");
}

TEST_CASE("an entry with a built-in name changes that worker") {
  const Config config = loaded("[[worker]]\nname = \"log_aggregator\"\nenabled = false");
  Worker expected = worker(default_config(), "log_aggregator");
  expected.enabled = false;
  CHECK(worker(config, "log_aggregator") == expected);
  CHECK(config.workers.size() == default_config().workers.size());
}

TEST_CASE("an entry with a new name adds a worker with the next free ports") {
  const Config config = loaded(
      "[[worker]]\nname = \"one\"\ncommand = [\"one_worker\"]\nports = { command = 5008, telemetry = 6000 }\n"
      "[[worker]]\nname = \"two\"\ncommand = [\"two_worker\", \"-v\"]\n"
      "[[worker]]\nname = \"three\"\ncommand = [\"three_worker\"]\n");
  CHECK(worker(config, "one").ports == Ports{5008, 6000});
  CHECK(worker(config, "two").ports == Ports{5009, 5109});
  CHECK(worker(config, "three").ports == Ports{5010, 5110});
  CHECK(worker(config, "two").command == std::vector<std::string>{"two_worker", "-v"});
  CHECK(worker(config, "two").enabled);
}

TEST_CASE("ports count from the bus section's bases") {
  const Config config = loaded("[bus]\nbase_command_port = 7000\nbase_telemetry_port = 7100");
  CHECK(process_manager_ports(config.bus) == Ports{7000, 7100});
  CHECK(worker(config, "virtualdj_monitor").ports == Ports{7002, 7102});
}

TEST_CASE("a worker inherits from the process manager's section and overrides it") {
  const Config config = loaded(
      "[process_manager]\nbase_backoff = 1.0\nmax_restarts = 4\n[log]\nmax_files = 2\n"
      "[[worker]]\nname = \"log_aggregator\"\nmax_restarts = 7\nlog = { max_size_mb = 50 }\n");
  CHECK(worker(config, "virtualdj_monitor").supervision == config.process_manager);
  CHECK(worker(config, "log_aggregator").supervision.base_backoff == 1s);
  CHECK(worker(config, "log_aggregator").supervision.max_restarts == 7);
  CHECK(worker(config, "log_aggregator").log == LogLimits{.max_size_mb = 50, .max_files = 2});
}

TEST_CASE("the order of sections in the file does not matter") {
  const Config config =
      loaded("[[worker]]\nname = \"log_aggregator\"\nmax_restarts = 7\n[process_manager]\nbase_backoff = 1");
  CHECK(worker(config, "log_aggregator").supervision.base_backoff == 1s);
}

TEST_CASE("[app.NAME] is short for a worker of kind app") {
  const Config by_app = loaded("[app.tunnel]\ncommand = [\"tunnel\"]\nstop_on_quit = true");
  const Config by_worker =
      loaded("[[worker]]\nname = \"tunnel\"\nkind = \"app\"\ncommand = [\"tunnel\"]\nstop_on_quit = true");
  CHECK(by_app == by_worker);
  CHECK(worker(by_app, "tunnel").kind == WorkerKind::kApp);
}

TEST_CASE("a worker has variables, a folder and health checks") {
  const Config config = loaded(
      "[[worker]]\nname = \"w\"\ncommand = [\"w\"]\ncwd = \"/tmp\"\nenv = { A = \"1\" }\n"
      "[[worker.health]]\ntype = \"http\"\nurl = \"http://127.0.0.1:8080/health\"\n"
      "[[worker.health]]\ntype = \"telemetry\"\ntopic = \"w.tick\"\nmax_age = 3\nfailures = 1\n");
  const Worker w = worker(config, "w");
  CHECK(w.cwd == "/tmp");
  CHECK(w.env == std::map<std::string, std::string>{{"A", "1"}});
  REQUIRE(w.health.size() == 2);
  CHECK(w.health[0].type == HealthCheckType::kHttp);
  CHECK(w.health[0].url == "http://127.0.0.1:8080/health");
  CHECK(w.health[1].type == HealthCheckType::kTelemetry);
  CHECK(w.health[1].topic == "w.tick");
  CHECK(w.health[1].max_age == 3s);
  CHECK(w.health[1].failures == 1);
}

TEST_CASE("a health check needs what its type looks at") {
  const std::string head = "[[worker]]\nname = \"w\"\ncommand = [\"w\"]\n[[worker.health]]\n";
  CHECK(problems(head + "type = \"exec\"") == "config.toml:4: [[worker.health]] needs 'command'");
  CHECK(problems(head + "type = \"http\"") == "config.toml:4: [[worker.health]] needs 'url'");
  CHECK(problems(head + "type = \"telemetry\"") == "config.toml:4: [[worker.health]] needs 'topic'");
}

TEST_CASE("of a health check without a good type nothing else is said") {
  const std::string head = "[[worker]]\nname = \"w\"\ncommand = [\"w\"]\n[[worker.health]]\n";
  CHECK(problems(head + "type = \"foo\"") ==
        "config.toml:5: 'type' in [[worker.health]] must be one of \"http\", \"exec\", \"telemetry\", not \"foo\"");
  CHECK(problems(head + "url = \"http://127.0.0.1/\"\ntopic = \"t\"") ==
        "config.toml:4: [[worker.health]] needs 'type'");
}

TEST_CASE("a health check refuses what belongs to another type") {
  const std::string head = "[[worker]]\nname = \"w\"\ncommand = [\"w\"]\n[[worker.health]]\n";
  CHECK(problems(head + "type = \"http\"\nurl = \"http://127.0.0.1/\"\ncommand = [\"true\"]") ==
        "config.toml:7: 'command' in [[worker.health]] means nothing beside type = \"http\"");
  CHECK(problems(head + "type = \"exec\"\ncommand = [\"true\"]\nmax_age = 3") ==
        "config.toml:7: 'max_age' in [[worker.health]] means nothing beside type = \"exec\"");
}

TEST_CASE("a health check asks only what can be asked without waiting for a name") {
  const auto check = [](const std::string& url) {
    return problems("[app.x]\ncommand = [\"x\"]\n[[app.x.health]]\ntype = \"http\"\nurl = \"" + url + "\"");
  };
  for (const char* url : {"http://127.0.0.1:8080/health", "http://10.0.0.7", "http://localhost/",
                          "http://[::1]:80/x?y=1", "http://[fe80:0:0:0:1:2:3:4]"}) {
    CHECK(check(url) == "");
  }
  CHECK(
      check("https://127.0.0.1/") ==
      "config.toml:5: 'url' in [[app.x.health]] must be http:// and a numeric address or localhost (no https, no other "
      "host names), as in \"http://127.0.0.1:8080/health\", not \"https://127.0.0.1/\"");
  for (const char* url :
       {"", "http://", "http://example.org/", "http://127.0.0.1:/", "http://127.0.0.1:70000", "http://256.0.0.1",
        "http://1.2.3", "http://[::1", "http://[1::2::3]", "http://::1/", "http://me@127.0.0.1/"}) {
    CHECK_MESSAGE(check(url).contains("must be http:// and a numeric address"), url);
  }
}

TEST_CASE("a topic of a health check holds no space") {
  CHECK(problems(
            "[[worker]]\nname = \"w\"\ncommand = [\"w\"]\n[[worker.health]]\ntype = \"telemetry\"\ntopic = \"a b\"") ==
        "config.toml:6: 'topic' in [[worker.health]] must be a topic without spaces, not \"a b\"");
}

TEST_CASE("an app, which publishes nothing, has no check of a topic") {
  CHECK(problems("[app.x]\ncommand = [\"x\"]\n[[app.x.health]]\ntype = \"exec\"\ncommand = [\"true\"]\n"
                 "[[app.x.health]]\ntype = \"telemetry\"\ntopic = \"t\"") ==
        "config.toml:6: a health check of type \"telemetry\" is for workers: \"x\" is an app, which publishes nothing");
}

TEST_CASE("a heartbeat timeout that would kill the healthy is refused") {
  CHECK(
      problems("[process_manager]\nheartbeat_timeout = 1.0") ==
      "config.toml:2: 'heartbeat_timeout' in [process_manager] must be a number of seconds from 6 to 3600 (heartbeats "
      "come every 5 s), not 1");
  CHECK(problems("[[worker]]\nname = \"example_worker\"\nheartbeat_timeout = 5").contains("from 6 to 3600"));
  CHECK(loaded("[process_manager]\nheartbeat_timeout = 6").process_manager.heartbeat_timeout == 6s);
}

TEST_CASE("a new worker needs a command, and every worker a name") {
  CHECK(problems("[[worker]]\nname = \"w\"") == "config.toml:1: [[worker]] needs 'command'");
  CHECK(problems("[[worker]]\ncommand = [\"w\"]") == "config.toml:1: [[worker]] needs 'name'");
}

TEST_CASE("a command is a list of texts that names a program") {
  CHECK(problems("[app.x]\ncommand = \"x --flag\"") ==
        "config.toml:2: 'command' in [app.x] must be a list of texts, as in [\"one\", \"two\"], not \"x --flag\"");
  CHECK(problems("[app.x]\ncommand = []") ==
        "config.toml:2: 'command' of \"x\" must name a program, as in [\"my_worker\", \"--flag\"]");
}

TEST_CASE("a name that could not name a log file is refused") {
  CHECK(problems("[[worker]]\nname = \"../x\"\ncommand = [\"x\"]")
            .starts_with("config.toml:1: \"../x\" is no name for a worker"));
}

TEST_CASE("the process manager is no worker") {
  CHECK(problems("[[worker]]\nname = \"process_manager\"\ncommand = [\"x\"]") ==
        "config.toml:1: \"process_manager\" cannot be a worker: it is who starts them");
}

TEST_CASE("no worker writes into the log in which all logs are collected") {
  CHECK(problems("[[worker]]\nname = \"vj\"\ncommand = [\"x\"]") ==
        "config.toml:1: \"vj\" cannot be a worker: its log would be vj.log, where all logs are collected");
}

TEST_CASE("a second entry of a name is refused with the line of the first") {
  CHECK(problems("[[worker]]\nname = \"w\"\ncommand = [\"w\"]\n[app.w]\ncommand = [\"w\"]") ==
        "config.toml:4: \"w\" has an entry already, in line 1");
}

TEST_CASE("a built-in worker does not become an app") {
  CHECK(problems("[app.log_aggregator]") ==
        "config.toml:1: \"log_aggregator\" is a worker, not an app; change it in a [[worker]]");
  CHECK(problems("[[worker]]\nname = \"log_aggregator\"\nkind = \"app\"") ==
        "config.toml:3: \"log_aggregator\" is built in; its 'kind' cannot be changed");
}

TEST_CASE("no two processes have the same port") {
  CHECK(problems("[[worker]]\nname = \"w\"\ncommand = [\"w\"]\nports = { command = 5005, telemetry = 6000 }") ==
        "config.toml:4: \"log_aggregator\" and \"w\" both have port 5005");
  CHECK(problems("[[worker]]\nname = \"w\"\ncommand = [\"w\"]\nports = { command = 5000, telemetry = 6000 }") ==
        "config.toml:4: \"process_manager\" and \"w\" both have port 5000");
}

TEST_CASE("bases of ports that are too near to each other are told once") {
  for (const int base : {5000, 5003, 4993}) {
    const auto number = std::to_string(base);
    CHECK(problems("[bus]\nbase_telemetry_port = " + number) ==
          "config.toml:2: 'base_command_port' (5000) and 'base_telemetry_port' (" + number +
              ") in [bus] must be more than 7 apart, so that each worker's ports fit between them");
  }
  CHECK(problems("[bus]\nbase_command_port = 5101").starts_with("config.toml:2: 'base_command_port' (5101) and"));
  CHECK(problems("[bus]\nbase_telemetry_port = 5008") == "");
  CHECK(problems("[bus]\nbase_telemetry_port = 5008\n[[worker]]\nname = \"w\"\ncommand = [\"w\"]")
            .starts_with("config.toml:2: "));
}

TEST_CASE("keys of apps alone are refused in a worker, and ports in an app") {
  CHECK(problems("[[worker]]\nname = \"log_aggregator\"\nstop_on_quit = true") ==
        "config.toml:3: unknown key 'stop_on_quit' in [[worker]]");
  CHECK(problems("[app.synesthesia]\nports = { command = 1, telemetry = 2 }") ==
        "config.toml:2: unknown key 'ports' in [app.synesthesia]");
}

TEST_CASE("an entry that is no section is refused") {
  CHECK(problems("[worker]\nname = \"w\"") == "config.toml:1: each worker must be a section written [[worker]]");
  CHECK(problems("[app]\nx = 3") == "config.toml:2: 'x' in [app] must be a section, written [app.NAME]");
}

TEST_CASE("a backoff of its own obeys the same rule") {
  CHECK(problems("[[worker]]\nname = \"log_aggregator\"\nbase_backoff = 400") ==
        "config.toml:3: 'base_backoff' of \"log_aggregator\" must not be longer than its 'max_backoff'");
}

TEST_CASE("a stop of everything may take as long as that of the slowest worker") {
  CHECK(longest_stop(default_config()) == 5s);
  CHECK(longest_stop(loaded("[process_manager]\nstop_timeout = 7\n")) == 7s);
  CHECK(longest_stop(loaded("[[worker]]\nname = 'osc_debugger'\nstop_timeout = 20\n"
                            "[[worker]]\nname = 'log_aggregator'\nstop_timeout = 1\n")) == 20s);
  CHECK(longest_stop(loaded("[[worker]]\nname = 'osc_debugger'\nstop_timeout = 1\n")) == 5s);
}
