#include "supervisor_host/worker_table.hpp"

#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "platform/process_search.hpp"
#include "platform/signals.hpp"
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

// A table in a home of its own, whose programs are scripts in "programs".
struct Table {
  test::TemporaryFolder home;
  platform::EventLoop loop;
  platform::Logger log{"process_manager", LogLevel::kInfo, false};
  bus::Context context;
  bus::Directory directory{loop, home.path()};
  config::Config config;
  std::optional<WorkerTable> table;

  ~Table() {
    if (table) table->shut_down(ShutdownScope::kWorkersAndAppsThatStopOnQuit, [this] { loop.stop(); });
    if (table) loop.run();
  }

  // Without heartbeat, so that any script will do.
  config::Worker& add(std::string name, std::vector<std::string> command) {
    config::Worker worker;
    worker.name = std::move(name);
    worker.command = std::move(command);
    worker.kind = config::WorkerKind::kApp;
    worker.stop_on_quit = true;
    worker.supervision.base_backoff = 0s;
    return config.workers.emplace_back(std::move(worker));
  }
  void add_program(const std::string& name, const std::string& script) const {
    std::filesystem::create_directories(home.path() / "programs");
    const platform::Path file = home.path() / "programs" / name;
    std::ofstream(file) << "#!/bin/sh\n" << script;
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  void open() {
    table.emplace(
        loop, log, context, directory, config,
        TableOptions{.home = home.path(), .programs = home.path() / "programs", .config_file = {}},
        [](const wire::LifecycleEvent&) {}, [](std::string_view, config::WorkerKind, std::string_view) {});
  }
  ManagedWorker& worker(std::string_view name = "w") {
    ManagedWorker* found = table->find(name);
    REQUIRE(found);
    return *found;
  }
  void start(std::string_view name = "w") {
    worker(name).start(supervision::RequestedBy::kPerson, [](const Outcome&) {});
  }
  void wait_for(const std::function<bool()>& condition) {
    const Time deadline = platform::EventLoop::clock() + 30s;
    while (!condition() && platform::EventLoop::clock() < deadline) loop.run_once(100ms);
    REQUIRE(condition());
  }
  [[nodiscard]] bool is_there(std::string_view file) const { return std::filesystem::exists(home.path() / file); }
};

constexpr std::string_view kUntilKilled = "while :; do sleep 0.01; done\n";

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

TEST_CASE("the program of a health check is asked how it ended also when orphans are reaped at just that moment") {
  Table t;
  config::HealthCheck check;
  check.type = config::HealthCheckType::kExec;
  check.command = {"sh", "-c", "exit 3"};
  check.interval = 1ms;
  check.failures = 1'000'000;
  t.add("w", {"sh", "-c", std::string(kUntilKilled)}).health = {check};
  t.config.process_manager.check_interval = 1ms;
  t.open();
  t.start();
  for (int look = 0; look < 20; ++look) {
    // So that in the next turn both the check's program has ended and the reaping is due, which then comes first.
    const auto has_ended = [&] {
      const auto is_its = [&](platform::Pid child) { return t.worker().owns(child); };
      return std::ranges::any_of(platform::exited_children(), is_its);
    };
    while (!has_ended()) t.loop.run_once(0s);
    const Time due = platform::EventLoop::clock() + 2ms;
    while (platform::EventLoop::clock() < due) {
    }
    t.loop.run_once(0s);
    REQUIRE(supervision::reason_of(t.worker().worker()) == "sh: exit code: 3");
  }
}

TEST_CASE("a worker that left the configuration") {
  Table t;
  t.add("w", {"sh", "-c", R"(trap 'touch "$VJ_HOME/told"; until [ -e "$VJ_HOME/go" ]; do sleep 0.01; done; exit' TERM
                             touch "$VJ_HOME/up"; while :; do sleep 0.01; done)"});
  t.open();
  t.start();
  t.wait_for([&] { return t.is_there("up"); });
  const auto pid = supervision::process_of(t.worker().worker())->pid.number;
  t.table->configure({});
  t.wait_for([&] { return t.is_there("told"); });
  REQUIRE(t.worker().state() == "stopping");
  const auto goes = [&] {
    std::ofstream(t.home.path() / "go").close();
    t.wait_for([&] { return t.table->find("w") == nullptr || !t.worker().has_process(); });
    t.loop.run_once(0s);
  };

  SUBCASE("is forgotten once it has stopped") {
    goes();
    CHECK(t.table->find("w") == nullptr);
  }
  SUBCASE("and came back before it had stopped is kept, and can be started") {
    t.table->configure(t.config);
    goes();
    t.start();
    CHECK(t.worker().has_process());
  }
  SUBCASE("is not started any more while it stops, and nothing of it is left behind") {
    std::vector<std::string> answers;
    const auto note = [&](const Outcome& outcome) {
      CHECK_FALSE(outcome.done);
      answers.push_back(outcome.reason);
    };
    t.worker().start(supervision::RequestedBy::kPerson, note);
    t.worker().restart(note);
    CHECK(answers == std::vector<std::string>(2, "w is not in the configuration any more"));
    goes();
    CHECK(t.table->find("w") == nullptr);
  }
  CHECK_FALSE(platform::process_usage(pid));
}

TEST_CASE("a worker is started with the last configuration that could be read while the file has a problem") {
  Table t;
  // As our workers do it: refuses what it cannot read.
  t.add_program("reader", format(R"(file="$VJ_HOME/config.toml"; [ "$1" = --config ] && file=$2
    if grep -q '^x=$' "$file"; then echo "$file:1: it has no value"; exit 78; fi
    echo "$file" > "$VJ_HOME/read"; {})",
                                 kUntilKilled));
  t.add("w", {"reader"});
  const auto write = [&](std::string_view text) { std::ofstream(t.home.path() / "config.toml") << text; };
  const auto was_read = [&](const platform::Path& file) {
    return platform::read_file(t.home.path() / "read").value_or("") == file.string() + "\n";
  };
  write("# good\n");
  t.open();
  t.start();
  t.wait_for([&] { return was_read(t.home.path() / "config.toml"); });
  write("x=\n");

  SUBCASE("after a crash") {
    REQUIRE(platform::ProcessHandle::open_child(supervision::process_of(t.worker().worker())->pid.number)
                ->signal(platform::signals::kKill));
    t.wait_for([&] { return was_read(last_good_config(t.home.path())); });
    CHECK(t.worker().worker().attempts_used == 1);
    CHECK(t.worker().has_process());
  }
  SUBCASE("on request, and with the file again once it is mended") {
    t.worker().restart([](const Outcome&) {});
    t.wait_for([&] { return was_read(last_good_config(t.home.path())); });
    write("# mended\n");
    t.worker().restart([](const Outcome&) {});
    t.wait_for([&] { return was_read(t.home.path() / "config.toml"); });
  }
}

TEST_CASE("a refusal of a configuration that was just being changed is not the worker's own") {
  Table t;
  t.add_program("reader", format(R"([ "$1" = --config ] && touch "$VJ_HOME/copy" && {}
    echo x= > "$VJ_HOME/config.toml"; echo config.toml:1: it has no value; exit 78)",
                                 kUntilKilled));
  t.add("w", {"reader"});
  t.add("another", {"sh", "-c", "echo no; exit 78"});
  t.open();
  t.start();
  t.wait_for([&] { return t.worker().worker().attempts_used == 1; });
  t.wait_for([&] { return t.is_there("copy"); });
  CHECK(t.worker().has_process());
  t.start("another");  // of a program that is not ours nobody knows what it reads
  t.wait_for([&] { return t.worker("another").state() == "failed"; });
}

}  // namespace vj::supervisor_host
