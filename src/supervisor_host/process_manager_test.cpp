#include "supervisor_host/process_manager.hpp"

#include <future>
#include <thread>

#include <doctest/doctest.h>

#include "platform/signals.hpp"
#include "supervisor_host/state_file.hpp"
#include "support/left_behind.hpp"
#include "support/temporary_folder.hpp"
#include "vj_bus/client.hpp"
#include "wire/names.hpp"

namespace vj::supervisor_host {

namespace {

config::Config one(std::string name, std::vector<std::string> command) {
  config::Config config;
  config::Worker worker;
  worker.name = std::move(name);
  worker.command = std::move(command);
  worker.kind = config::WorkerKind::kApp;
  worker.stop_on_quit = true;
  worker.supervision.stop_timeout = 1h;
  config.workers = {worker};
  // Any free ports.
  config.bus.base_command_port = 0;
  config.bus.base_telemetry_port = 0;
  return config;
}

config::Config one_sleeper() { return one("sleeper", {"sleep", "1000"}); }

// A process manager in this process, on a thread of its own, as a console runs it.
class Fallback {
 public:
  explicit Fallback(const platform::Path& home, const config::Config& config = one_sleeper())
      : thread_([this, home, config] { run(home, config); }) {
    ready_.get_future().wait();
  }
  ~Fallback() { thread_.join(); }

  [[nodiscard]] Ending how() { return how_.get_future().get(); }

 private:
  void run(const platform::Path& home, const config::Config& config) {
    platform::EventLoop loop;
    platform::Logger log("process_manager", LogLevel::kInfo, false);
    bus::Context context;
    auto lock = take_home(home, Role::kFallback);
    REQUIRE(lock);
    ProcessManager manager(loop, log, context, config,
                           {.home = home, .programs = "/usr/bin", .config_file = {}, .role = Role::kFallback},
                           std::move(*lock), {.ended = [&](Ending ending) {
                             how_.set_value(ending);
                             loop.stop();
                           }});
    ready_.set_value();
    loop.run();
  }

  std::promise<void> ready_;
  std::promise<Ending> how_;
  std::thread thread_;
};

platform::ProcessHandle handle_of(platform::Pid pid) {
  const auto usage = platform::process_usage(pid);
  REQUIRE(usage);
  CHECK(usage->state != 'Z');
  auto handle = platform::ProcessHandle::open({platform::boot_id(), pid, usage->start_time_ticks});
  REQUIRE(handle);
  return std::move(*handle);
}

wire::Value ask(const platform::Path& home, std::string_view command, wire::Value payload = wire::Value::object()) {
  const auto answer = bus::ask(home, "test", wire::service::kProcessManager, command, std::move(payload), 10s);
  REQUIRE(answer);
  REQUIRE(answer->status == wire::Status::kOk);
  return answer->result;
}

platform::Pid pid_of_first(const platform::Path& home) {
  const wire::Value rows = ask(home, wire::command::kListWorkers)["workers"];
  return static_cast<platform::Pid>((*rows.elements())[0]["pid"].integer_or(0));
}

}  // namespace

TEST_CASE("a console's process manager yields the home to a daemon, and its workers run on") {
  const test::TemporaryFolder home;
  Fallback fallback(home.path());
  ask(home.path(), wire::command::kStartWorker, wire::Value::object({{"worker", "sleeper"}}));
  const platform::Pid pid = pid_of_first(home.path());

  const auto lock = take_home(home.path(), Role::kDaemon);
  CHECK(lock);
  CHECK(fallback.how() == Ending::kYielded);
  REQUIRE(handle_of(pid).signal(platform::signals::kKill));
}

TEST_CASE("who stops everything can still leave without waiting for the slowest, and a successor goes on with it") {
  const test::TemporaryFolder home;
  // Once it is up, it ignores being asked.
  const std::string script = R"(trap '' TERM; touch "$VJ_HOME/up"; while :; do sleep 0.01; done)";
  Fallback fallback(home.path(), one("slow", {"sh", "-c", script}));
  ask(home.path(), wire::command::kStartWorker, wire::Value::object({{"worker", "slow"}}));
  platform::EventLoop wait;
  for (const Time deadline = platform::EventLoop::clock() + 30s;
       !std::filesystem::exists(home.path() / "up") && platform::EventLoop::clock() < deadline;) {
    wait.run_once(5ms);
  }
  const platform::Pid pid = pid_of_first(home.path());

  ask(home.path(), wire::command::kShutdownAll);
  ask(home.path(), wire::command::kHandover);
  CHECK(fallback.how() == Ending::kHandedOver);
  const auto records = read_state(home.path());
  REQUIRE(records);
  REQUIRE(records->size() == 1);
  const auto* alive = std::get_if<Alive>(&records->front().phase);
  REQUIRE(alive);
  CHECK(alive->process.pid == pid);
  CHECK(alive->afterwards == supervision::Afterwards(supervision::Stopped{}));
  REQUIRE(handle_of(pid).signal(platform::signals::kKill));
}

TEST_CASE("a daemon that leaves says first that it was asked to") {
  for (const auto& [ending, status] : {std::pair(Ending::kHandedOver, wire::status::kStopping),
                                       std::pair(Ending::kRestart, wire::status::kRestarting)}) {
    const test::TemporaryFolder home;
    platform::EventLoop loop;
    platform::Logger log("process_manager", LogLevel::kInfo, false);
    bus::Context context;
    auto lock = take_home(home.path(), Role::kDaemon);
    REQUIRE(lock);
    std::optional<Ending> how;
    ProcessManager manager(loop, log, context, one_sleeper(),
                           {.home = home.path(), .programs = "/usr/bin", .config_file = {}}, std::move(*lock),
                           {.ended = [&](Ending ended) { how = ended; }, .ready = [&] { loop.stop(); }});
    loop.run();
    manager.leave(ending);
    const auto registry = bus::Registry(home.path()).read();
    REQUIRE(registry);
    const auto* entry = registry->find(wire::service::kProcessManager);
    REQUIRE(entry);
    CHECK(entry->status == status);
    while (!how) loop.run_once(10s);
    CHECK(*how == ending);
    CHECK(bus::Registry(home.path()).read()->find(wire::service::kProcessManager) == nullptr);
  }
}

TEST_CASE("a process manager that goes before it has told of its end tells nobody") {
  const test::TemporaryFolder home;
  platform::EventLoop loop;
  platform::Logger log("process_manager", LogLevel::kInfo, false);
  bus::Context context;
  auto lock = take_home(home.path(), Role::kFallback);
  REQUIRE(lock);
  bool told = false;
  {
    ProcessManager manager(loop, log, context, one_sleeper(),
                           {.home = home.path(), .programs = "/usr/bin", .config_file = {}, .role = Role::kFallback},
                           std::move(*lock), {.ended = [&](Ending) { told = true; }});
    manager.leave(Ending::kHandedOver);
  }
  loop.run_once(0ms);
  CHECK_FALSE(told);
}

TEST_CASE("a home that is taken is refused with the pid of who has it") {
  const test::TemporaryFolder home;
  const auto first = take_home(home.path(), Role::kDaemon);
  REQUIRE(first);
  const auto second = take_home(home.path(), Role::kDaemon);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kConflict);
  CHECK(second.error().message.find(format("pid {}", platform::own_pid())) != std::string::npos);
}

}  // namespace vj::supervisor_host
