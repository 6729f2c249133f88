#include "config/load.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "support/paths.hpp"

using namespace vj;
using namespace vj::config;

namespace {

constexpr std::string_view kFile = "/home/x/.vj/config.toml";

Config loaded(std::string_view text) {
  const Loaded result = load(text, kFile, "/home/x");
  if (result) return *result;
  FAIL(to_string(result.error()));
  return {};
}

std::string problems(std::string_view text) {
  const Loaded result = load(text, kFile, "/home/x");
  return result ? "" : to_string(result.error());
}

std::string complaint(std::string_view what, int line = 2) { return vj::format("{}:{}: {}", kFile, line, what); }

}  // namespace

TEST_CASE("an empty file is the default configuration") { CHECK(loaded("") == default_config()); }

TEST_CASE("a key that is set changes that value and no other") {
  Config expected = default_config();
  expected.console.fps = 60;
  expected.playback.hysteresis = 1500ms;
  CHECK(loaded("[console]\nfps = 60\n[playback]\nhysteresis = 1.5\n") == expected);
}

TEST_CASE("a whole number is as good as a fraction where a time is wanted") {
  CHECK(loaded("[console]\nrestart_delay = 3").console.restart_delay == 3s);
}

TEST_CASE("an unknown key is refused with file, line and the nearest name") {
  CHECK(problems("[process_manager]\nmax_restart = 3") ==
        complaint("unknown key 'max_restart' in [process_manager]; did you mean 'max_restarts'?"));
}

TEST_CASE("an unknown key that resembles none is refused without a guess") {
  CHECK(problems("[console]\nwallpaper = 3") == complaint("unknown key 'wallpaper' in [console]"));
}

TEST_CASE("an unknown section is refused with the nearest name") {
  CHECK(problems("\n[consol]\nfps = 30") == complaint("unknown section 'consol'; did you mean 'console'?"));
}

TEST_CASE("a key before the first section is refused") {
  CHECK(problems("\nfps = 30") == complaint("key 'fps' stands outside of any section"));
}

TEST_CASE("a value of the wrong type is refused with what it must be and what it is") {
  CHECK(problems("[console]\nfps = \"fast\"") ==
        complaint("'fps' in [console] must be a whole number from 1 to 120, not \"fast\""));
  CHECK(problems("[console]\nmouse = 1") == complaint("'mouse' in [console] must be true or false, not 1"));
  CHECK(problems("[console]\ncheck_interval = true") ==
        complaint("'check_interval' in [console] must be a number of seconds from 0.01 to 3600, not true"));
  CHECK(problems("[osc]\nlisten = 9001") ==
        complaint("'listen' in [osc] must be a list of ports, as in [9000, 9001], not 9001"));
  CHECK(problems("[lyrics]\nfolders = [1]") ==
        complaint("'folders' in [lyrics] must be a text that is not empty, not 1"));
  CHECK(problems("[audio]\ndevice = 2026-01-01") ==
        complaint("'device' in [audio] must be a text that is not empty, not a date or time"));
}

TEST_CASE("a number outside of its range is refused with the range") {
  CHECK(problems("[console]\nfps = 0") == complaint("'fps' in [console] must be a whole number from 1 to 120, not 0"));
  CHECK(problems("[process_manager]\nstop_timeout = -1.0") ==
        complaint("'stop_timeout' in [process_manager] must be a number of seconds from 0 to 300, not -1"));
  CHECK(problems("[audio]\nsample_rate = 192000") ==
        complaint("'sample_rate' in [audio] must be 44100 or 48000, not 192000"));
  CHECK(problems("[audio]\nsample_rate = 48000").empty());
  CHECK(problems("[bus]\nbase_command_port = 70000") ==
        complaint("'base_command_port' in [bus] must be a port from 1 to 65535, not 70000"));
}

TEST_CASE("a time that is not a number is refused") {
  CHECK(problems("[process_manager]\nreset_after = nan") ==
        complaint("'reset_after' in [process_manager] must be a number of seconds from 0 to 86400, not nan"));
  CHECK(problems("[process_manager]\nreset_after = inf") ==
        complaint("'reset_after' in [process_manager] must be a number of seconds from 0 to 86400, not inf"));
}

TEST_CASE("a word that is none of the allowed ones is refused with all of them and the nearest") {
  CHECK(
      problems("[lyrics.llm]\nprovider = \"olama\"") ==
      complaint("'provider' in [lyrics.llm] must be one of \"auto\", \"openai\", \"ollama\", \"none\", not \"olama\"; "
                "did you mean \"ollama\"?"));
  CHECK(problems("[audio]\nfeatures = [\"beat\", \"pich\"]") ==
        complaint("'features' in [audio] must be one of \"essentia\", \"pitch\", \"beat\", \"structure\", "
                  "\"spectrum\", \"logging\", not \"pich\"; did you mean \"pitch\"?"));
}

TEST_CASE("an address that is none is refused") {
  CHECK(problems("[lyrics]\nlrclib_url = \"lrclib.net\"") ==
        complaint(
            "'lrclib_url' in [lyrics] must be an address that begins with http:// or https://, not \"lrclib.net\""));
  CHECK(problems("[virtualdj]\nosc_send = \"8000\"") ==
        complaint("'osc_send' in [virtualdj] must be HOST:PORT, as in \"127.0.0.1:8000\", not \"8000\""));
}

TEST_CASE("a secret in place of its variable's name is refused") {
  CHECK(problems("[lyrics.llm]\napi_key_env = \"sk-123\"").find("not the secret itself") != std::string::npos);
}

TEST_CASE("all problems of a file are told, in the order of its lines") {
  CHECK(problems("[log]\nlevel = \"loud\"\n[console]\nfps = 0\nmous = true\n") ==
        complaint("'level' in [log] must be one of \"debug\", \"info\", \"warning\", \"error\", not \"loud\"", 2) +
            "\n" + complaint("'fps' in [console] must be a whole number from 1 to 120, not 0", 4) + "\n" +
            complaint("unknown key 'mous' in [console]; did you mean 'mouse'?", 5));
}

TEST_CASE("what is not TOML is refused with its line") {
  CHECK(problems("[console]\nfps = = 3").starts_with("/home/x/.vj/config.toml:2: "));
  CHECK(problems("[console]\nfps = 3\nfps = 4").starts_with("/home/x/.vj/config.toml:3: "));
}

TEST_CASE("a section that is written as a list or a value is refused") {
  CHECK(problems("\nconsole = 3") == complaint("'console' must be a section, written [console]"));
  CHECK(problems("\n[[console]]\nfps = 3") == complaint("'console' must be a section, written [console]"));
}

TEST_CASE("a problem carries its key for programs") {
  const Loaded result = load("[lyrics.llm]\nmodell = \"x\"", kFile);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().front().key == "lyrics.llm.modell");
}

TEST_CASE("a bus that other machines can reach is refused with the reason") {
  const std::string text = problems("[bus]\nbind = \"0.0.0.0\"");
  CHECK(text.starts_with(complaint("'bind' in [bus] must be a loopback address")));
  CHECK(text.find("CURVE") != std::string::npos);
  CHECK(problems("[bus]\nbind = \"127.0.0.2\"").empty());
}

TEST_CASE("base ports leave room for the workers' ports") {
  CHECK(problems("[bus]\nbase_telemetry_port = 65500") ==
        complaint("'base_telemetry_port' in [bus] must be at most 65435, so that the workers' ports fit above it"));
}

TEST_CASE("the first delay of the backoff is not longer than the longest") {
  CHECK(problems("[process_manager]\nbase_backoff = 400") ==
        complaint("'base_backoff' in [process_manager] (400 s) must not be longer than 'max_backoff' (300 s)"));
}

TEST_CASE("targets in the file replace the built-in one") {
  const Config config = loaded("[[osc.target]]\nname = \"wall\"\nport = 7000\nfilter = [\"/audio\"]");
  REQUIRE(config.osc.targets.size() == 1);
  CHECK(config.osc.targets[0] == OscTarget{.name = "wall", .port = 7000, .filter = {"/audio"}});
}

TEST_CASE("a target needs a name and a port") {
  CHECK(problems("\n[[osc.target]]") ==
        complaint("[[osc.target]] needs 'name'") + "\n" + complaint("[[osc.target]] needs 'port'"));
}

TEST_CASE("two targets do not share a name") {
  CHECK(problems("[osc]\ntarget = [{ name = \"a\", port = 1 }, { name = \"a\", port = 2 }]") ==
        complaint("two entries of [[osc.target]] are named \"a\"; the first in line 2"));
  CHECK(problems("[[osc.target]]\nname = \"a\"\nport = 1\n\n[[osc.target]]\nport = 2\nname = \"a\"") ==
        complaint("two entries of [[osc.target]] are named \"a\"; the first in line 2", 7));
}

TEST_CASE("the tap is no target's port on this machine") {
  CHECK(problems("[osc]\ntap = 9000")
            .starts_with(complaint("'tap' in [osc] must not be 9000, the port of the target \"visuals\"")));
  CHECK(problems("[[osc.target]]\nname = \"a\"\nport = 1\n[[osc.target]]\nname = \"b\"\nport = 9100") ==
        complaint(
            "'port' of the target \"b\" must not be 9100, where the OSC debugger listens ('tap' in [osc]): it would "
            "take what is meant for the target",
            6));
  CHECK(problems("[osc]\ntarget = [{ name = \"far\", host = \"10.0.0.7\", port = 9100 }]").empty());
}

TEST_CASE("no two receivers of ours share a port") {
  CHECK(problems("[osc]\nlisten = [9100]") ==
        complaint("'tap' in [osc] and 'listen' in [osc] are both port 9100; each needs one of its own"));
  CHECK(problems("[virtualdj]\nosc_listen = 9100") ==
        complaint("'tap' in [osc] and 'osc_listen' in [virtualdj] are both port 9100; each needs one of its own"));
}

TEST_CASE("of several in a list the one that is wrong has its line told") {
  CHECK(problems("[osc]\nlisten = [\n9001,\n9100,\n]") ==
        complaint("'tap' in [osc] and 'listen' in [osc] are both port 9100; each needs one of its own", 4));
  CHECK(problems("[[osc.relay]]\nfrom = 7000\nto = \"10.0.0.7:1\"\n[[osc.relay]]\nfrom = 7001\n"
                 "to = \"127.0.0.1:7001\"") == complaint("an [[osc.relay]] sends port 7001 to itself", 6));
}

TEST_CASE("a relay to itself is refused") {
  CHECK(problems("[osc]\nrelay = [{ from = 9999, to = \"127.0.0.1:9999\" }]") ==
        complaint("an [[osc.relay]] sends port 9999 to itself"));
}

TEST_CASE("relays that lead back to where they began are refused, those that only follow each other are not") {
  const auto round = [](int port) {
    return complaint("what the [[osc.relay]] of port " + std::to_string(port) +
                     " sends comes back to it, round and round");
  };
  CHECK(problems("[osc]\nrelay = [{ from = 7001, to = \"127.0.0.1:7002\" }, { from = 7002, to = \"localhost:7001\" },"
                 " { from = 7000, to = \"127.0.0.1:7001\" }]") == round(7001) + "\n" + round(7002));
  CHECK(problems("[osc]\nrelay = [{ from = 7001, to = \"127.0.0.1:7002\" }, { from = 7002, to = \"10.0.0.7:7001\" }]")
            .empty());
}

TEST_CASE("a relay carries packets from a port to an address") {
  const Config config = loaded("[osc]\nrelay = [{ from = 9999, to = \"[::1]:10000\" }]");
  CHECK(config.osc.relay == std::vector{OscRelay{9999, {"::1", 10000}}});
}

TEST_CASE("a path that begins with ~/ is in the user's home") {
  const Config config =
      loaded("[virtualdj]\npaths = [\"~/VirtualDJ\", \"/music\"]\n[lyrics.llm]\napi_key_file = \"~/key\"");
  CHECK(config.virtualdj.paths == std::vector<std::string>{"/home/x/VirtualDJ", "/music"});
  CHECK(config.lyrics.llm.api_key.file == "/home/x/key");
}

TEST_CASE("a home without a file has the defaults, a file that was named must be there") {
  const std::filesystem::path missing = testing::build_path("no_such_config.toml");
  CHECK(load_file(missing, IfMissing::kDefaults).value() == default_config());
  const Loaded named = load_file(missing, IfMissing::kProblem);
  REQUIRE_FALSE(named.has_value());
  CHECK(to_string(named.error()) == missing.string() + ": cannot be read: there is no such file");
}

TEST_CASE("a folder in the place of the file is told as such") {
  const Loaded result = load_file(testing::build_path("."), IfMissing::kDefaults);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().front().what == "cannot be read: it is a folder");
}

TEST_CASE("what cannot be read without waiting for somebody is refused") {
  const Loaded result = load_file("/dev/null", IfMissing::kDefaults);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().front().what == "cannot be read: it is no regular file");
}
