#include "ctl/checks.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::ctl;

namespace {

const TerminalFacts kGoodTerminal{
    .is_terminal = true, .columns = 120, .rows = 40, .term = "xterm-256color", .locale = "C.UTF-8"};

}  // namespace

TEST_CASE("a terminal is good when it is large enough and speaks UTF-8") {
  CHECK(check_terminal(kGoodTerminal).health == Health::kGood);
  TerminalFacts small = kGoodTerminal;
  small.rows = 20;
  CHECK(check_terminal(small).mend == "make it 80x24 or larger; below that the console shows less");
  TerminalFacts dumb = kGoodTerminal;
  dumb.term = "dumb";
  CHECK(check_terminal(dumb).health == Health::kBad);
  TerminalFacts ascii = kGoodTerminal;
  ascii.locale = "C";
  CHECK(check_terminal(ascii).health == Health::kWarning);
  CHECK(check_terminal({}).health == Health::kWarning);
}

TEST_CASE("a home that others may look into is bad, with the command that mends it") {
  const Check check = check_home({.path = "/h", .exists = true, .is_folder = true, .mode = 0755});
  CHECK(check == Check{"home", Health::kBad, "/h is open to others (mode 0755)", "chmod 700 /h"});
  CHECK(check_home({.path = "/h", .exists = true, .is_folder = true, .mode = 0700}).health == Health::kGood);
}

TEST_CASE("a home that is not there yet is good") { CHECK(check_home({.path = "/h"}).health == Health::kGood); }

TEST_CASE("ports are good when they are free or our own") {
  CHECK(check_ports({{"a", 5000, true, ""}, {"a", 5100, false, "a"}}).finding == "1 are ours, 1 are free");
  const Check taken = check_ports({{"a", 5000, false, ""}});
  CHECK(taken.health == Health::kWarning);
  CHECK(taken.finding == "taken by somebody else: 5000 (for a)");
}

TEST_CASE("VirtualDJ is judged by its worker's own word") {
  CHECK(check_virtualdj({.status = "running"}).health == Health::kGood);
  CHECK(check_virtualdj({.status = "degraded", .reason = "no VirtualDJ folder"}).finding == "no VirtualDJ folder");
  CHECK(check_virtualdj({.has_process_manager = true}).mend == "vjctl start virtualdj_monitor");
  CHECK(check_virtualdj({}).mend == "it starts with the process manager");
  CHECK(check_virtualdj({.paths = {"/x"}, .missing_paths = {"/x"}}).health == Health::kBad);
}

TEST_CASE("sound is judged by its worker's own word, else by what the configured input means") {
  CHECK(check_sound({.status = "running"}).health == Health::kGood);
  const Check waits = check_sound({.status = "degraded", .reason = "there is no sound server"});
  CHECK(waits.health == Health::kWarning);
  CHECK(waits.finding == "there is no sound server");
  CHECK(waits.mend.starts_with("vjctl devices "));
  CHECK(check_sound({.configured = "auto", .device = "Monitor of Built-in"}) ==
        Check{"sound", Health::kGood, "\"auto\" is Monitor of Built-in", ""});
  const Check overruled = check_sound({.configured = "auto", .chosen = "Mixer", .device = "Mixer"});
  CHECK(overruled.health == Health::kGood);
  CHECK(overruled.finding ==
        "\"Mixer\" is Mixer\n\"Mixer\" was chosen while the system ran, and counts more than \"auto\" of the "
        "configuration");
  CHECK(check_sound({.configured = "auto", .chosen = "auto", .status = "running"}).finding ==
        "its worker hears its input");
  CHECK(check_sound({.configured = "Mixer", .problem = "there is no audio input named Mixer"}).health ==
        Health::kWarning);
}

TEST_CASE("an OSC target is alive, absent, off, or on another machine") {
  const wire::OscTarget visuals{"visuals", "127.0.0.1:9000", true, ""};
  const wire::OscTarget lights{"lights", "192.0.2.20:9001", true, ""};
  const Check fine = check_osc_targets({{.target = visuals, .has_listener = true, .listener = "oscdump (pid 12)"},
                                        {.target = lights, .is_here = false}});
  CHECK(fine.health == Health::kGood);
  CHECK(fine.finding ==
        "visuals 127.0.0.1:9000: oscdump (pid 12) listens\n"
        "lights 192.0.2.20:9001: on another machine: whether anybody is there shows when something is sent");
  const Check absent = check_osc_targets(
      {{.target = visuals}, {.target = {"lights", "192.0.2.20:9001", true, "nobody there"}, .is_here = false}});
  CHECK(absent.health == Health::kWarning);
  CHECK(absent.finding == "visuals 127.0.0.1:9000: nobody there\nlights 192.0.2.20:9001: nobody there");
  CHECK(absent.mend.starts_with("start what should listen there (visuals, lights), "));
  const Check off = check_osc_targets({{.target = {"visuals", "127.0.0.1:9000", false, ""}}});
  CHECK(off == Check{"OSC targets", Health::kGood, "visuals 127.0.0.1:9000: off", ""});
  CHECK(check_osc_targets({}).health == Health::kGood);
}

TEST_CASE("findings are aligned, with what to do below") {
  CHECK(checks_text({{"home", Health::kGood, "/h", ""}, {"a registry", Health::kBad, "broken\ntwice", "remove it"}},
                    Style(false)) ==
        "✓ home        /h\n✗ a registry  broken\n              twice\n              → remove it\n");
}

TEST_CASE("only what is bad makes a system unusable") {
  CHECK(all_usable({{"a", Health::kWarning, "", ""}}));
  CHECK_FALSE(all_usable({{"a", Health::kGood, "", ""}, {"b", Health::kBad, "", ""}}));
}
