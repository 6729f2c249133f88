#include "supervisor_host/registry_view.hpp"

#include <doctest/doctest.h>

#include "wire/envelope.hpp"
#include "wire/names.hpp"

namespace vj::supervisor_host {

namespace {

using supervision::Generation;
using supervision::ReportedStatus;

const Time kNow = platform::EventLoop::clock();

bus::ServiceEntry entry_of(std::string_view status) {
  bus::ServiceEntry entry{.name = "w", .pid = platform::own_pid(), .status = std::string(status)};
  const auto identity = platform::own_identity();
  entry.metadata.set("boot_id", identity.boot_id);
  entry.metadata.set("start_time_ticks", identity.start_time_ticks);
  entry.metadata.set("heartbeat_monotonic", to_seconds(kNow - 3s));
  entry.metadata.set("progress", 41);
  return entry;
}

}  // namespace

TEST_CASE("a beat is dated by the monotonic clock, with its progress and generation") {
  const auto heartbeat = heartbeat_of(entry_of("running"), std::nullopt, Generation{3}, kNow);
  REQUIRE(heartbeat);
  CHECK(heartbeat->generation == Generation{3});
  CHECK(to_seconds(kNow - heartbeat->beat) == doctest::Approx(3.0).epsilon(0.001));
  CHECK(heartbeat->progress == 41U);
  CHECK(heartbeat->status == ReportedStatus::kRunning);
}

TEST_CASE("an entry that has not changed is no heartbeat") {
  const auto entry = entry_of("running");
  CHECK(heartbeat_of(entry, entry, Generation{3}, kNow) == std::nullopt);
}

TEST_CASE("without a monotonic beat the change itself is the beat, whatever the wall clock says") {
  auto before = entry_of("running");
  before.metadata = wire::Value::object();
  auto after = before;
  after.heartbeat_at = wire::wall_clock() - 31'536'000;
  const auto heartbeat = heartbeat_of(after, before, Generation{3}, kNow);
  REQUIRE(heartbeat);
  CHECK(heartbeat->beat == kNow);
  CHECK(heartbeat->progress == std::nullopt);
}

TEST_CASE("the status tells how the worker is, and an unknown one that it runs") {
  const auto status_of = [](std::string_view word) {
    return heartbeat_of(entry_of(word), std::nullopt, Generation{1}, kNow)->status;
  };
  CHECK(status_of("starting") == ReportedStatus::kStarting);
  CHECK(status_of("degraded") == ReportedStatus::kDegraded);
  CHECK(status_of("error") == ReportedStatus::kDegraded);
  CHECK(status_of("stopping") == ReportedStatus::kStopping);
  CHECK(status_of("restarting") == ReportedStatus::kRestarting);
  CHECK(status_of("") == ReportedStatus::kRunning);
}

TEST_CASE("a process that is younger than an entry without a start time is another one") {
  bus::ServiceEntry entry{.name = "w", .pid = platform::own_pid(), .status = "running"};
  entry.started_at = wire::wall_clock() - 31'536'000;
  CHECK(is_younger_than_entry(entry));
  entry.started_at = wire::wall_clock();
  CHECK_FALSE(is_younger_than_entry(entry));
}

}  // namespace vj::supervisor_host
