#include "console/manager_keeper.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "platform/signals.hpp"
#include "support/left_behind.hpp"
#include "support/temporary_folder.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

// A process manager that does nothing, as far as registry and system show it, and a console that keeps it.
class Show {
 public:
  Show() {
    auto spawned = platform::spawn(
        {.program = "/bin/sleep", .arguments = {"1000"}, .environment = {}, .working_folder = {}, .output_fd = -1});
    REQUIRE(spawned);
    manager_ = std::move(*spawned);
    log_.set_listener([this](const LogRecord& record) { told_.push_back(record.message); });
    register_service(wire::service::kProcessManager, manager_.identity, wire::status::kRunning);
    directory_.emplace(loop_, home_.path(), [this](const bus::RegistrySnapshot&) {
      if (keeper_) keeper_->look();
    });
    keeper_.emplace(loop_, *directory_, log_,
                    ManagerKeeper::Setup{
                        .home = home_.path(), .config_file = {}, .policy = manager_policy(config::default_config())},
                    ManagerKeeper::Callbacks{.changed = [this](const ProcessManager& manager) { shown_ = manager; },
                                             .ready = [] {}});
    keeper_->begin();
    REQUIRE(shown_.state == ManagerState::kRunning);
  }
  Show(const Show&) = delete;
  Show& operator=(const Show&) = delete;
  ~Show() {
    end();
    (void)platform::reap(manager_.identity.pid);
  }

  void register_service(std::string_view name, const platform::ProcessIdentity& process, std::string_view status) {
    bus::ServiceEntry entry{.name = std::string(name), .pid = process.pid, .status = std::string(status)};
    entry.metadata.set("boot_id", process.boot_id);
    entry.metadata.set("start_time_ticks", process.start_time_ticks);
    entry.metadata.set("heartbeat_monotonic", to_seconds(platform::EventLoop::clock()));
    REQUIRE(registry_.put(entry));
  }
  void says(std::string_view status) { register_service(wire::service::kProcessManager, manager_.identity, status); }
  void takes_its_entry_back() { REQUIRE(registry_.remove(wire::service::kProcessManager, manager_.identity.pid)); }

  // Ends it without a turn of the console's loop.
  void end() {
    if (manager_.handle.has_exited()) return;
    platform::EventLoop other;
    const auto watch = manager_.handle.watch_exit(other, [&] { other.stop(); });
    REQUIRE(manager_.handle.signal_group(platform::signals::kKill));
    other.run();
  }

  void turn() { loop_.run_once(1s); }
  [[nodiscard]] ManagerState shown() const { return shown_.state; }

  // What the console shows of it when it has noticed.
  ManagerState noticed() {
    while (shown_.state == ManagerState::kRunning) loop_.run_once(1s);
    return shown_.state;
  }
  [[nodiscard]] bool told(std::string_view words) const {
    return std::ranges::any_of(told_, [&](const std::string& each) { return each.contains(words); });
  }

 private:
  test::TemporaryFolder home_;
  platform::EventLoop loop_;
  platform::Logger log_{"vj_console", LogLevel::kInfo, false};
  std::vector<std::string> told_;
  bus::Registry registry_{home_.path()};
  platform::SpawnedProcess manager_;
  std::optional<bus::Directory> directory_;
  std::optional<ManagerKeeper> keeper_;
  ProcessManager shown_;
};

TEST_CASE("a process manager that takes its entry back has ended as it was told, also where that was not read yet") {
  Show show;
  show.end();
  show.takes_its_entry_back();
  CHECK(show.noticed() == ManagerState::kAbsent);
  CHECK(show.told("🛑 Process manager stopped"));
  CHECK_FALSE(show.told("crashed"));
}

TEST_CASE("last words that were not read yet count as much as those that were") {
  Show show;
  show.end();
  SUBCASE("those of one that stops") {
    show.says(wire::status::kStopping);
    CHECK(show.noticed() == ManagerState::kAbsent);
  }
  SUBCASE("those of one that restarts, whose successor is waited for") {
    show.says(wire::status::kRestarting);
    CHECK(show.noticed() == ManagerState::kStarting);
  }
  CHECK_FALSE(show.told("crashed"));
}

TEST_CASE("a process manager that restarts is not started by the console too, and is if no successor comes") {
  Show show;
  show.says(wire::status::kRestarting);
  show.turn();
  CHECK(show.shown() == ManagerState::kStopping);
  show.end();
  show.takes_its_entry_back();
  while (show.shown() != ManagerState::kStarting) show.turn();
  CHECK(show.told("🛑 Process manager stopped"));
  CHECK_FALSE(show.told("has not come"));
  while (!show.told("The process manager that was to follow has not come")) show.turn();
}

TEST_CASE("a process manager that leaves its workers running is said to have left them") {
  Show show;
  show.register_service("osc_debugger", platform::own_identity(), wire::status::kRunning);
  show.end();
  show.takes_its_entry_back();
  CHECK(show.noticed() == ManagerState::kAbsent);
  CHECK(show.told("🛑 Process manager left, the workers run on"));
}

TEST_CASE("a process manager that ends and leaves its entry behind has crashed, and comes back") {
  Show show;
  show.end();
  CHECK(show.noticed() == ManagerState::kBackingOff);
  CHECK(show.told("❌ Process manager crashed"));
  CHECK(show.told("🔄 Restarting process manager in 2s..."));
}

}  // namespace
}  // namespace vj::console
