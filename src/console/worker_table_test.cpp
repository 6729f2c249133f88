#include "console/worker_table.hpp"

#include <doctest/doctest.h>

namespace vj::console {
namespace {

constexpr Time kNow{100s};

config::Worker configured(std::string name, bool enabled = true) {
  config::Worker worker;
  worker.name = std::move(name);
  worker.enabled = enabled;
  worker.ports = config::Ports{5001, 5101};
  return worker;
}

wire::WorkerInfo listed(std::string name, std::string state) {
  wire::WorkerInfo info;
  info.name = std::move(name);
  info.state = std::move(state);
  return info;
}

wire::WorkerInfo running(std::string name, int pid) {
  auto info = listed(std::move(name), "running");
  info.pid = pid;
  info.uptime_sec = 10.0;
  return info;
}

RegisteredService beating(std::string name, int pid) {
  return {.name = std::move(name),
          .pid = pid,
          .status = "running",
          .reason = "",
          .version = "1",
          .ports = {5001, 5101},
          .alive = true,
          .heartbeat_age = 1s};
}

struct World {
  std::vector<config::Worker> workers{configured("spotify_monitor")};
  std::optional<WorkerSources::Listed> list;
  std::vector<RegisteredService> services;

  std::vector<WorkerRow> rows(const std::vector<WorkerRow>& before = {}) const {
    return worker_rows({.configured = workers, .listed = list, .registered = services, .own_version = "1"}, before);
  }
  WorkerRow row() const { return rows().at(0); }
};

TEST_CASE("a worker is adopted as long as it is the process that was") {
  World world;
  auto info = running("spotify_monitor", 77);
  info.adopted = true;
  world.list = {{info}, kNow};
  world.services = {beating("spotify_monitor", 77)};
  CHECK(world.rows()[0].adopted);
  world.services = {beating("spotify_monitor", 78)};
  CHECK_FALSE(world.rows()[0].adopted);
}

TEST_CASE("a process that could not be verified is not called healthy because it beats") {
  World world;
  auto info = listed("spotify_monitor", "unknown");
  info.reason = "cannot be verified";
  world.list = {{info}, kNow};
  world.services = {beating("spotify_monitor", 78)};
  CHECK(world.row().connected);
  CHECK(world.row().state == WorkerState::kUnknown);
  CHECK(world.row().reason == "cannot be verified");
}

TEST_CASE("an app that ran is unknown, not stopped, while there is no process manager to tell of it") {
  World world;
  auto info = running("synesthesia", 78);
  info.kind = "app";
  auto idle = listed("milksyphon", "stopped");
  idle.kind = "app";
  world.workers = {configured("synesthesia"), configured("milksyphon")};
  for (auto& worker : world.workers) worker.kind = config::WorkerKind::kApp;
  world.list = {{info, idle}, kNow};
  auto rows = world.rows();
  CHECK(rows[0].state == WorkerState::kRunning);
  world.list.reset();
  for (int look = 0; look < 2; ++look) {
    rows = world.rows(rows);
    CHECK(rows[0].state == WorkerState::kUnknown);
    CHECK_FALSE(rows[0].pid);
    CHECK(rows[1].state == WorkerState::kStopped);
  }
}

TEST_CASE("whom the process manager does not have belongs to the show no more, and is shown only while it runs") {
  World world;
  world.workers.push_back(configured("lyrics_fetcher"));
  world.list = {{listed("spotify_monitor", "stopped"), listed("taken_in_since", "running")}, kNow};
  auto rows = world.rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].name == "spotify_monitor");
  CHECK(rows[1].name == "taken_in_since");
  CHECK(rows[1].enabled);
  world.services = {beating("lyrics_fetcher", 12)};
  rows = world.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[2].name == "lyrics_fetcher");
  CHECK_FALSE(rows[2].enabled);
}

TEST_CASE("before anybody has said anything, the configured workers are stopped") {
  const World world;
  CHECK(world.row().state == WorkerState::kStopped);
  CHECK_FALSE(world.row().connected);
}

TEST_CASE("a worker that beats is connected, with the ports of the registry") {
  World world;
  world.list = {{running("spotify_monitor", 12)}, kNow};
  world.services = {beating("spotify_monitor", 12)};
  world.services[0].ports = {6001, 6101};
  CHECK(world.row().connected);
  CHECK(world.row().state == WorkerState::kRunning);
  CHECK(world.row().ports == PortPair{6001, 6101});
  CHECK(world.row().started_at == kNow - 10s);
  CHECK(world.row().version.empty());
}

TEST_CASE("a killed worker is not connected, whatever its last heartbeat was") {
  World world;
  auto info = listed("spotify_monitor", "backing_off");
  info.next_restart_in = 5.0;
  info.restart_count = 1;
  info.reason = "crashed (exit code: -9)";
  world.list = {{info}, kNow};
  world.services = {beating("spotify_monitor", 12)};
  world.services[0].alive = false;
  CHECK_FALSE(world.row().connected);
  CHECK(world.row().state == WorkerState::kBackingOff);
  CHECK(world.row().restart_at == kNow + 5s);
  CHECK(world.row().reason == "crashed (exit code: -9)");
}

TEST_CASE("a worker that lives and does not beat is not connected") {
  World world;
  world.list = {{running("spotify_monitor", 12)}, kNow};
  world.services = {beating("spotify_monitor", 12)};
  world.services[0].heartbeat_age = 15s;
  CHECK_FALSE(world.row().connected);
  CHECK(world.row().state == WorkerState::kRunning);
}

TEST_CASE("the registry is newer than the last answer: a new process that beats is running") {
  World world;
  world.list = {{listed("spotify_monitor", "backing_off")}, kNow};
  world.services = {beating("spotify_monitor", 13)};
  CHECK(world.row().state == WorkerState::kRunning);
  CHECK(world.row().pid == 13);
}

TEST_CASE("a degraded worker says why") {
  World world;
  world.list = {{running("spotify_monitor", 12)}, kNow};
  world.services = {beating("spotify_monitor", 12)};
  world.services[0].status = "degraded";
  world.services[0].reason = "Spotify is not running";
  CHECK(world.row().state == WorkerState::kDegraded);
  CHECK(world.row().reason == "Spotify is not running");
}

TEST_CASE("without a process manager the registry alone tells who runs") {
  World world;
  world.services = {beating("spotify_monitor", 12)};
  CHECK(world.row().state == WorkerState::kRunning);
  CHECK(world.row().connected);
}

TEST_CASE("the process manager is no worker, and a stranger that beats is one that does not count") {
  World world;
  world.services = {beating("process_manager", 1), beating("my_own_worker", 2)};
  const auto rows = world.rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].name == "my_own_worker");
  CHECK_FALSE(rows[1].enabled);
}

TEST_CASE("a worker that is not enabled is shown while it runs") {
  World world;
  world.workers = {configured("example_worker", false)};
  CHECK(world.rows().empty());
  world.services = {beating("example_worker", 5)};
  CHECK(world.rows().size() == 1);
}

TEST_CASE("a program of another version is told") {
  World world;
  world.services = {beating("spotify_monitor", 12)};
  world.services[0].version = "0.9";
  CHECK(world.row().version == "0.9");
}

TEST_CASE("an app whose program has not been found is not installed") {
  World world;
  world.workers = {configured("synesthesia"), configured("milksyphon")};
  const std::vector<std::string> missing{"milksyphon"};
  const auto rows = worker_rows({.configured = world.workers,
                                 .listed = world.list,
                                 .registered = world.services,
                                 .own_version = "1",
                                 .not_installed = missing},
                                {});
  CHECK(rows.at(0).installed);
  CHECK_FALSE(rows.at(1).installed);
}

TEST_CASE("answers that jitter do not move uptimes and countdowns") {
  World world;
  world.list = {{running("spotify_monitor", 12)}, kNow};
  const auto first = world.rows();
  world.list = {{running("spotify_monitor", 12)}, kNow + 5004ms};
  world.list->workers[0].uptime_sec = 15.0;
  CHECK(world.rows(first) == first);
  world.list->workers[0].pid = 13;
  CHECK_FALSE(world.rows(first) == first);
}

TEST_CASE("the next look is when the first heartbeat would go stale") {
  World world;
  CHECK(next_stale(world.services, kNow) == std::nullopt);
  world.services = {beating("a", 1), beating("b", 2)};
  world.services[1].heartbeat_age = 4s;
  CHECK(next_stale(world.services, kNow) == kNow + 11s);
}

}  // namespace
}  // namespace vj::console
