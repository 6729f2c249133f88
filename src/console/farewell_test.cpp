#include "console/farewell.hpp"

#include <doctest/doctest.h>

#include "support/console_models.hpp"

namespace vj::console {
namespace {

using testing::guide_model;

constexpr int kOwnPid = 999;

Model led_by(ManagerState state, int pid, bool fallback) {
  Model model = guide_model({80, 24});
  model.manager.state = state;
  model.manager.pid = pid;
  model.fallback = fallback;
  return model;
}

TEST_CASE("a show that goes on is reached again by the commands it was started with") {
  const Model model = guide_model({80, 24});
  CHECK(farewell(Leaving::kDetached, model, kOwnPid, commands_for({})) ==
        "The show goes on. vj_console shows it again, vjctl shutdown ends it.");
  CHECK(farewell(Leaving::kDetached, model, kOwnPid, commands_for({.home = "/tmp/my show"})) ==
        "The show goes on. vj_console --home '/tmp/my show' shows it again, "
        "vjctl --home '/tmp/my show' shutdown ends it.");
  CHECK(commands_for({.home = {}, .config_file = "/etc/vj.toml"}) ==
        Commands{"vj_console --config /etc/vj.toml", "vjctl"});
  CHECK(commands_for({.home = "/run/vj-demo", .config_file = {}, .demo = true}) ==
        Commands{"vj_console --demo", "vjctl --home /run/vj-demo"});
}

TEST_CASE("a word that a shell would read otherwise is quoted") {
  CHECK(quoted_for_shell("/tmp/h-2_3.4") == "/tmp/h-2_3.4");
  CHECK(quoted_for_shell("a b") == "'a b'");
  CHECK(quoted_for_shell("it's $HOME") == R"('it'\''s $HOME')");
  CHECK(quoted_for_shell("~vj") == "'~vj'");
  CHECK(quoted_for_shell("") == "''");
}

TEST_CASE("workers that lose the console as their supervisor are said to run on without one") {
  const std::string alone =
      "The workers run on, and nobody supervises them any more. vj_console adopts them; q there ends them.";
  CHECK(what_goes_on(led_by(ManagerState::kRunning, kOwnPid, true), kOwnPid, {}) == alone);
  CHECK(what_goes_on(led_by(ManagerState::kFailed, 0, false), kOwnPid, {}) == alone);
  CHECK(what_goes_on(led_by(ManagerState::kBackingOff, 0, false), kOwnPid, {}) == alone);
  // Another console's.
  CHECK(what_goes_on(led_by(ManagerState::kRunning, 1, true), kOwnPid, {}).starts_with("The show goes on."));
}

TEST_CASE("nothing is said where nothing runs on, or everything was stopped") {
  Model model = led_by(ManagerState::kAbsent, 0, false);
  for (auto& worker : model.workers) worker.connected = false;
  CHECK(what_goes_on(model, kOwnPid, {}).empty());
  CHECK(what_goes_on(led_by(ManagerState::kStarting, 1, false), kOwnPid, {}).empty());
  CHECK(farewell(Leaving::kStopped, guide_model({80, 24}), kOwnPid, {}).empty());
  CHECK(farewell(Leaving::kForced, guide_model({80, 24}), kOwnPid, {}).empty());
}

}  // namespace
}  // namespace vj::console
