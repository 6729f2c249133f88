#include "ctl/hints.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace vj::ctl;

TEST_CASE("a word of the shell is quoted only where it must be") {
  CHECK(shell_word("/home/x/.vj") == "/home/x/.vj");
  CHECK(shell_word("/tmp/a b/ü") == "'/tmp/a b/ü'");
  CHECK(shell_word("it's $HOME") == "'it'\\''s $HOME'");
  CHECK(shell_word("") == "''");
}

TEST_CASE("how to start says where the programs are, and what they are not to guess") {
  CHECK(how_to_start({.programs = "/opt/vj/bin", .home = "/home/x/.vj"}) ==
        "/opt/vj/bin/vj_console, or: /opt/vj/bin/workers/process_manager_daemon --start-all");
  CHECK(how_to_start(
            {.programs = "/my vj", .home = "/tmp/a b/ü", .home_is_usual = false, .config_file = "/etc/vj.toml"}) ==
        "'/my vj/vj_console' --home '/tmp/a b/ü' --config /etc/vj.toml, or: '/my vj/workers/process_manager_daemon' "
        "--home '/tmp/a b/ü' --config /etc/vj.toml --start-all");
}

TEST_CASE("in place of a name that there is not stands the one that was meant, else all there are") {
  const std::vector<std::string> known{"virtualdj_monitor", "audio_analyzer", "synesthesia"};
  CHECK(instead_of("virtualdj", known) == "; did you mean 'virtualdj_monitor'?");
  CHECK(instead_of("Synesthesia", known) == "; did you mean 'synesthesia'?");
  CHECK(instead_of("audio_analyser", known) == "; did you mean 'audio_analyzer'?");
  CHECK(instead_of("nobody", known) == "; there are virtualdj_monitor, audio_analyzer, synesthesia");
  CHECK(instead_of("a", known) == "; there are virtualdj_monitor, audio_analyzer, synesthesia");
  CHECK(instead_of("nobody", {}).empty());
}
