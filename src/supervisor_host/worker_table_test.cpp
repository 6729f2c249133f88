#include "supervisor_host/worker_table.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "supervisor_host/state_file.hpp"
#include "support/left_behind.hpp"
#include "support/temporary_folder.hpp"
#include "wire/names.hpp"

namespace vj::supervisor_host {

namespace {

config::Config one_that_crashes_when_told(const platform::Path& home) {
  config::Config config;
  config::Worker worker;
  worker.name = "w";
  worker.command = {"sh", "-c", "while [ ! -e go ]; do sleep 0.01; done; exit 1"};
  worker.cwd = home;
  worker.kind = config::WorkerKind::kApp;
  config.workers = {worker};
  return config;
}

}  // namespace

TEST_CASE("what a successor is left with is what was told last") {
  const test::TemporaryFolder home;
  platform::EventLoop loop;
  platform::Logger log("process_manager", LogLevel::kInfo, false);
  bus::Context context;
  bus::Directory directory(loop, home.path());
  std::function<void()> on_crash;
  WorkerTable table(
      loop, log, context, directory, one_that_crashes_when_told(home.path()),
      {.home = home.path(), .programs = "/usr/bin", .config_file = {}},
      [&](const wire::LifecycleEvent& event) {
        // As a request that comes in while the crash is taken in, and is answered before the turn ends.
        if (event.event == wire::lifecycle::kCrashed) loop.post(on_crash);
      },
      [](std::string_view, config::WorkerKind, std::string_view) {});
  const auto noted = [&] {
    const auto records = read_state(home.path());
    REQUIRE(records);
    return records->front();
  };
  table.start_all(supervision::RequestedBy::kPerson, [](const StartAllOutcome&) {});
  loop.run_once(0s);  // nothing of the start is left to be noted
  std::ofstream(home.path() / "go").close();

  SUBCASE("a crash, in the turn that it happened in") {
    on_crash = [&] {
      CHECK(table.list().front().reason == "crashed (exit code: 1)");
      const WorkerRecord record = noted();
      const auto* backing_off = std::get_if<supervision::BackingOff>(&record.phase);
      REQUIRE(backing_off);
      CHECK(backing_off->reason == "crashed (exit code: 1)");
      loop.stop();
    };
    loop.run();
  }
  SUBCASE("that no attempt is used any more") {
    on_crash = [&] { loop.stop(); };
    loop.run();
    REQUIRE(noted().attempts_used == 1);
    table.find("w")->reset();
    CHECK(noted().attempts_used == 0);
  }
}

}  // namespace vj::supervisor_host
