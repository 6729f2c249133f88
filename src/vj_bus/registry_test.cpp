#include "vj_bus/registry.hpp"

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "platform/process.hpp"
#include "support/temporary_folder.hpp"
#include "vj_bus/registration.hpp"
#include "wire/envelope.hpp"
#include "wire/json.hpp"

using namespace vj;
using namespace vj::bus;

namespace {

ServiceEntry entry(std::string name, platform::Pid pid = 12) {
  return {.name = std::move(name),
          .pid = pid,
          .status = "running",
          .started_at = 1.5,
          .heartbeat_at = 2.5,
          .command_port = 5001,
          .telemetry_port = 5101,
          .metadata = wire::Value::object({{"version", "1"}})};
}

void write(const platform::Path& file, std::string_view text) { std::ofstream(file) << text; }

ServiceEntry beating(std::string name, std::int64_t beat) {
  auto made = entry(std::move(name));
  made.heartbeat_at = 1000.25 + static_cast<double>(beat);
  made.metadata.set("heartbeat_monotonic", 0.5 + static_cast<double>(beat));
  made.metadata.set("progress", beat);
  return made;
}

// With what looks like a beat and is none.
ServiceEntry confusing(std::string name, std::int64_t beat) {
  auto made = beating(std::move(name), beat);
  made.metadata.set("details", wire::Value::object({{"progress", 7}, {"text", "\n        \"progress\": 1,\n"}}));
  return made;
}

}  // namespace

TEST_CASE("without a file the registry is empty") {
  const test::TemporaryFolder home;
  CHECK(Registry(home.path()).read() == RegistrySnapshot{});
}

TEST_CASE("what was put can be read, and put again replaces it") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  REQUIRE(registry.put(entry("a")));
  REQUIRE(registry.put(entry("b")));
  REQUIRE(registry.put(entry("a", 13)));
  CHECK(registry.read() == RegistrySnapshot{{entry("a", 13), entry("b")}});
}

TEST_CASE("the file has the form that the Python vj_bus reads") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  REQUIRE(registry.put(entry("a")));
  const auto text = platform::read_file(registry.file());
  REQUIRE(text);
  CHECK(text->starts_with("{\n  \"version\": \"1.0\",\n  \"updated_at\": "));
  CHECK(text->find("    \"a\": {\n      \"pid\": 12,\n      \"status\": \"running\",\n      \"started_at\": 1.5,\n"
                   "      \"heartbeat_at\": 2.5,\n      \"ports\": {\n        \"command\": 5001,\n"
                   "        \"telemetry\": 5101\n      },\n      \"metadata\": {\n        \"version\": \"1\"\n") !=
        std::string::npos);
}

TEST_CASE("an entry is removed by its own process only") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  REQUIRE(registry.put(entry("a", 12)));
  REQUIRE(registry.remove("a", 99));
  CHECK(registry.read()->find("a") != nullptr);
  REQUIRE(registry.remove("a", 12));
  CHECK(registry.read() == RegistrySnapshot{});
}

TEST_CASE("what others wrote stays, also what we do not know") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  write(registry.file(), R"({"version":"1.0","future":7,"services":{"old":{"pid":5,"status":"running","extra":[1]}}})");
  REQUIRE(registry.put(entry("a")));
  const auto text = *platform::read_file(registry.file());
  const auto value = wire::parse_json(text);
  REQUIRE(value);
  CHECK((*value)["future"].integer_or(0) == 7);
  CHECK((*value)["services"]["old"]["extra"] == wire::Value::array({1}));
}

TEST_CASE("who keeps a registry sees what it wrote itself and what others wrote, and writes over nobody") {
  const test::TemporaryFolder home;
  Registry ours(home.path()), theirs(home.path());
  REQUIRE(ours.put(entry("a")));
  CHECK(ours.snapshot() == RegistrySnapshot{{entry("a")}});
  REQUIRE(theirs.put(entry("b", 7)));
  CHECK(ours.snapshot() == RegistrySnapshot{{entry("a")}});
  REQUIRE(ours.put(entry("a", 13)));
  CHECK(ours.snapshot() == RegistrySnapshot{{entry("a", 13), entry("b", 7)}});
  REQUIRE(theirs.put(entry("b", 8)));
  REQUIRE(ours.refresh());
  CHECK(ours.snapshot() == RegistrySnapshot{{entry("a", 13), entry("b", 8)}});
  REQUIRE(theirs.remove("a", 13));
  CHECK(ours.read() == RegistrySnapshot{{entry("b", 8)}});
}

TEST_CASE("of heartbeats nothing is lost, however the lengths of their numbers change") {
  const test::TemporaryFolder home;
  Registry ours(home.path()), theirs(home.path());
  for (const std::int64_t beat : {1, 9, 10, 99, 1000, 5, 123456789, 0, 11}) {
    REQUIRE(theirs.put(beating("a", beat)));
    REQUIRE(theirs.put(confusing("b", beat)));
    REQUIRE(ours.put(beating("us", beat + 1)));
    REQUIRE(theirs.refresh());
    const auto text = *platform::read_file(ours.file());
    const auto parsed = parse_registry(text);
    CHECK(parsed == ours.snapshot());
    CHECK(parsed == theirs.snapshot());
    CHECK(*parsed->find("a") == beating("a", beat));
    CHECK(*parsed->find("b") == confusing("b", beat));
    CHECK(*parsed->find("us") == beating("us", beat + 1));
    CHECK(wire::parse_json(text));
  }
  REQUIRE(ours.remove("a", 12));
  REQUIRE(theirs.put(confusing("b", 12)));
  CHECK(ours.read() == parse_registry(*platform::read_file(ours.file())));
}

TEST_CASE("an edition stays while its service only beats, and is another as soon as it says something new") {
  const test::TemporaryFolder home;
  Registry ours(home.path()), theirs(home.path());
  REQUIRE(theirs.put(beating("a", 1)));
  REQUIRE(theirs.put(beating("b", 1)));
  REQUIRE(ours.put(beating("us", 1)));
  const auto edition = [&](std::string_view name) { return ours.snapshot().find(name)->edition; };
  const auto first_of_a = edition("a"), first_of_b = edition("b"), first_of_us = edition("us");
  CHECK(std::set{first_of_a, first_of_b, first_of_us}.size() == 3);
  for (const std::int64_t beat : {2, 3}) {
    REQUIRE(theirs.put(beating("a", beat)));
    REQUIRE(theirs.put(beating("b", beat)));
    REQUIRE(ours.put(beating("us", beat)));
    REQUIRE(ours.refresh());
    CHECK(ours.snapshot().find("a")->progress() == beat);
    CHECK(std::vector{edition("a"), edition("b"), edition("us")} == std::vector{first_of_a, first_of_b, first_of_us});
  }
  auto degraded = beating("a", 4);
  degraded.status = "degraded";
  REQUIRE(theirs.put(degraded));
  REQUIRE(ours.refresh());
  CHECK(edition("a") != first_of_a);
  CHECK(edition("b") == first_of_b);
  auto other_port = beating("us", 4);
  other_port.command_port = 5009;
  REQUIRE(ours.put(other_port));
  CHECK(edition("us") != first_of_us);
}

TEST_CASE("a heartbeat leaves the file as long as it was, unless its counter has a digit more") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  const auto size_after = [&](double wall, double monotonic, std::int64_t progress) {
    auto beat = beating("a", progress);
    beat.heartbeat_at = wall;
    beat.metadata.set("heartbeat_monotonic", monotonic);
    REQUIRE(registry.put(beat));
    CHECK(*parse_registry(*platform::read_file(registry.file()))->find("a") == beat);
    return platform::read_file(registry.file())->size();
  };
  size_after(1795811514.0816102, 62350.123456789, 1);
  const auto size = size_after(1795811514.0816102, 62350.123456789, 2);
  CHECK(size_after(1795811514.5, 62350.25, 3) == size);
  CHECK(size_after(1795811514.123457, 62351.1, 4) == size);
  CHECK(size_after(1795811515.75, 62352.0625, 10) == size + 1);
}

TEST_CASE("who knows the last text reads from any other what one who knows nothing reads") {
  const test::TemporaryFolder home;
  Registry writer(home.path());
  REQUIRE(writer.put(confusing("a", 10)));
  const auto text = *platform::read_file(writer.file());
  const auto replace = [&](std::string_view by) {
    REQUIRE(platform::write_file_by_turns(writer.file(), by, home.path() / "spare"));
  };
  const auto check = [&](std::string_view changed) {
    Registry knowing(home.path());
    replace(text);
    REQUIRE(knowing.refresh());
    replace(changed);
    const auto taken = knowing.refresh();
    const auto fresh = parse_registry(changed);
    REQUIRE(taken.has_value() == fresh.has_value());
    REQUIRE(knowing.snapshot() == (fresh ? *fresh : *parse_registry(text)));
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char other : {'0', '7', '.', '-', 'e', '"', '\n'}) {
      auto changed = text;
      changed[at] = other;
      check(changed);
      changed = text;
      changed.insert(at, 1, other);
      check(changed);
    }
    auto changed = text;
    changed.erase(at, 1);
    check(changed);
  }
}

TEST_CASE("a number that another member of an entry has too is not taken for that of a heartbeat") {
  const test::TemporaryFolder home;
  Registry writer(home.path()), reader(home.path());
  REQUIRE(writer.put(confusing("a", 10)));
  auto text = *platform::read_file(writer.file());
  constexpr std::string_view kMetadata = "      \"metadata\": {";
  const auto at = text.find(kMetadata);
  REQUIRE(at != std::string::npos);
  const auto with_other = [&](std::string_view number) {
    auto changed = text;
    changed.insert(at, format("      \"another\": {{\n        \"progress\": {}\n      }},\n", number));
    REQUIRE(platform::write_file_by_turns(writer.file(), changed, home.path() / "spare"));
    REQUIRE(reader.refresh());
  };
  for (const auto* number : {"10", "11"}) {
    with_other(number);
    CHECK(*reader.snapshot().find("a") == confusing("a", 10));
  }
}

TEST_CASE("while the file cannot be understood, what was known stays known") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  REQUIRE(registry.put(entry("a")));
  for (const auto* text : {"", "{", R"({"services":{"a":{"pid":nonsense}}})", R"({"services":[]})", "{}"}) {
    write(registry.file(), text);
    CHECK_FALSE(registry.refresh());
    CHECK(registry.snapshot() == RegistrySnapshot{{entry("a")}});
  }
}

TEST_CASE("a corrupt file is told by readers, and kept aside by the next writer") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  write(registry.file(), "{\"services\": {\"a\": {\"pi");
  const auto read = registry.read();
  REQUIRE_FALSE(read);
  CHECK(read.error().message.starts_with(registry.file().string() + " is not a registry"));
  const auto written = registry.put(entry("b"));
  REQUIRE(written);
  CHECK(written->warning.value_or("").find("is kept as") != std::string::npos);
  CHECK(registry.read() == RegistrySnapshot{{entry("b")}});
  CHECK(platform::read_file(platform::Path(registry.file()).concat(".corrupt")) == "{\"services\": {\"a\": {\"pi");
}

TEST_CASE("a registry cut off at any byte is refused whole, and never crashes a reader") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  REQUIRE(registry.put(entry("a")));
  const auto text = *platform::read_file(registry.file());
  for (std::size_t length = 0; length + 2 < text.size(); ++length) CHECK_FALSE(parse_registry(text.substr(0, length)));
}

TEST_CASE("while another process writes, a writer is told to come back") {
  const test::TemporaryFolder home;
  Registry registry(home.path());
  const auto lock = platform::FileLock::try_take(home.path() / "registry.json.lock");
  REQUIRE(lock);
  CHECK(registry.put(entry("a")).error().code == ErrorCode::kConflict);
}

TEST_CASE("whoever reads while others write reads a whole registry, and what was written before") {
  static constexpr int kWrites = 500;
  const test::TemporaryFolder home;
  std::atomic<int> written = 0;
  const auto write = [&](const char* name) {
    Registry registry(home.path());
    for (int turn = 1; turn <= kWrites;) {
      // Of different lengths, so that the remains of a longer one would show.
      auto changed = entry(name, turn);
      changed.status = std::string(static_cast<std::size_t>(turn % 7) * 100, 'x');
      if (!registry.put(changed)) continue;  // the other one writes
      ++turn;
      ++written;
    }
  };
  std::jthread first(write, "a"), second(write, "b");
  Registry reader(home.path());
  for (bool goes_on = true; goes_on;) {
    const int before = written;
    goes_on = before < 2 * kWrites;
    const auto services = reader.read();
    REQUIRE(services);
    int sum = 0;
    for (const auto& service : services->services) sum += service.pid;
    CHECK(sum >= before);
  }
}

TEST_CASE("the heartbeat's age follows the monotonic clock, whatever the wall clock does") {
  auto beating = entry("a");
  beating.metadata.set("boot_id", platform::boot_id());
  beating.metadata.set("start_time_ticks", 1);
  beating.metadata.set("heartbeat_monotonic", 100.0);
  beating.heartbeat_at = wire::wall_clock() - 365.0 * 86400.0;
  CHECK(heartbeat_age(beating, Time(103s)) == 3s);
  beating.metadata.set("boot_id", "another");
  CHECK(heartbeat_age(beating, Time(103s)) > 364 * 24h);
}

TEST_CASE("a heartbeat says nothing new, and comes in time") {
  auto before = entry("a");
  before.metadata.set("heartbeat_monotonic", 100.0);
  before.metadata.set("progress", 7);
  auto after = before;
  after.heartbeat_at += 5;
  after.metadata.set("heartbeat_monotonic", 105.2);
  after.metadata.set("progress", 8);
  CHECK(is_heartbeat(before, after));
  const auto with = [&](const auto& change) {
    auto other = after;
    change(other);
    return other;
  };
  CHECK_FALSE(is_heartbeat(before, with([](auto& other) { other.status = "degraded"; })));
  CHECK_FALSE(is_heartbeat(before, with([](auto& other) { other.pid = 13; })));
  CHECK_FALSE(is_heartbeat(before, with([](auto& other) { other.command_port = 5002; })));
  CHECK_FALSE(is_heartbeat(before, with([](auto& other) { other.metadata.set("version", "2"); })));
  CHECK_FALSE(is_heartbeat(before, with([](auto& other) { other.metadata.set("osc_port", 9000); })));
  CHECK_FALSE(is_heartbeat(before, with([](auto& other) { other.metadata.set("heartbeat_monotonic", 115.0); })));
  CHECK_FALSE(is_heartbeat(before, with([](auto& other) { other.metadata.set("heartbeat_monotonic", nullptr); })));
  CHECK_FALSE(is_heartbeat(entry("a"), entry("a")));
}

TEST_CASE("an entry is alive while its very process is") {
  auto own = entry("a", platform::own_pid());
  CHECK(is_alive(own));  // an old worker's entry has the pid alone
  const auto identity = platform::own_identity();
  own.metadata.set("boot_id", identity.boot_id);
  own.metadata.set("start_time_ticks", identity.start_time_ticks);
  CHECK(is_alive(own));
  own.metadata.set("start_time_ticks", identity.start_time_ticks + 1);
  CHECK_FALSE(is_alive(own));
  CHECK_FALSE(is_alive(entry("b", 1 << 30)));
}

TEST_CASE("a service registers itself with its process, changes its status, and leaves") {
  const test::TemporaryFolder home;
  platform::EventLoop loop;
  Registry registry(home.path());
  Registration registration(loop, registry, {.name = "a", .status = "running", .command_port = 1, .telemetry_port = 2},
                            [](const std::string& problem) { FAIL(problem); });
  REQUIRE(registry.read()->find("a") != nullptr);
  CHECK(registry.read()->find("a")->identity() == platform::own_identity());
  registration.set_status("degraded", "no folder");
  CHECK(registry.read()->find("a")->status == "degraded");
  CHECK(registry.read()->find("a")->reason() == "no folder");
  registration.leave("restarting");
  CHECK(registry.read()->find("a")->status == "restarting");
  registration.remove();
  CHECK(registry.read()->find("a") == nullptr);
}

TEST_CASE("a service whose write met another writer comes back a moment later") {
  const test::TemporaryFolder home;
  platform::EventLoop loop;
  Registry registry(home.path());
  std::optional<platform::FileLock> lock = std::move(*platform::FileLock::try_take(home.path() / "registry.json.lock"));
  Registration registration(loop, registry, {.name = "a", .status = "running"},
                            [](const std::string& problem) { FAIL(problem); });
  CHECK(registry.read()->find("a") == nullptr);
  lock.reset();
  for (const Time deadline = loop.now() + 5s; registry.read()->find("a") == nullptr && loop.now() < deadline;) {
    loop.run_once(100ms);
  }
  CHECK(registry.read()->find("a") != nullptr);
}
