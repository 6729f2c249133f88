#include "config/show.hpp"

#include <algorithm>

#include <doctest/doctest.h>

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

const Value* value_of(const std::vector<Setting>& settings, std::string_view key) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? nullptr : &found->value;
}

}  // namespace

TEST_CASE("what is shown loads to the same configuration") {
  const Config config = loaded(
      "[osc]\nrelay = [{ from = 9999, to = \"127.0.0.1:10000\" }]\ntarget = []\nlisten = [9200]\n"
      "[lyrics]\nfolders = [\"/a \\\"b\\\"\\\\\\n\"]\ntiming_offset_ms = -50\n[virtualdj]\nosc_send = \"h:1\"\n"
      "[[worker]]\nname = \"w\"\ncommand = [\"w\"]\nmax_restarts = 2\nlog = { max_files = 9 }\nenv = { A = \"1\" }\n"
      "[[worker.health]]\ntype = \"exec\"\ncommand = [\"true\"]\n"
      "[app.tunnel]\ncommand = [\"tunnel\"]\n");
  CHECK(loaded(to_toml(config)) == config);
  CHECK(loaded(to_toml(default_config())) == default_config());
}

TEST_CASE("settings are flat keys with typed values") {
  const auto settings = settings_of(default_config());
  REQUIRE(value_of(settings, "console.fps"));
  CHECK(*value_of(settings, "console.fps") == Value(std::int64_t{30}));
  CHECK(*value_of(settings, "process_manager.base_backoff") == Value(5.0));
  CHECK(*value_of(settings, "worker.log_aggregator.ports.command") == Value(std::int64_t{5005}));
  CHECK(*value_of(settings, "osc.target.visuals.port") == Value(std::int64_t{9000}));
  CHECK(*value_of(settings, "lyrics.llm.provider") == Value(std::string("auto")));
}

TEST_CASE("a worker shows of its supervision only what differs from all others'") {
  const auto settings = settings_of(loaded("[[worker]]\nname = \"log_aggregator\"\nmax_restarts = 7"));
  CHECK(value_of(settings, "worker.log_aggregator.max_restarts"));
  CHECK_FALSE(value_of(settings, "worker.log_aggregator.base_backoff"));
  CHECK_FALSE(value_of(settings, "worker.virtualdj_monitor.max_restarts"));
}

TEST_CASE("a variable whose name speaks of a secret is hidden") {
  const Config config =
      loaded("[[worker]]\nname = \"w\"\ncommand = [\"w\"]\nenv = { MY_API_KEY = \"sk-1\", SIZE = \"8\" }");
  CHECK(to_toml(config).find("sk-1") == std::string::npos);
  CHECK(*value_of(settings_of(config), "worker.w.env.SIZE") == Value(std::string("8")));
  CHECK(*value_of(settings_of(config), "worker.w.env.MY_API_KEY") == Value(std::string("(hidden)")));
}
