#include "console/osc_feed.hpp"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "vj_bus/publisher.hpp"
#include "vj_bus/registration.hpp"
#include "vj_bus/service.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

using wire::Value;
using Numbers = std::vector<std::uint64_t>;

Value messages(std::uint64_t first, std::uint64_t last) {
  auto all = Value::array();
  for (auto seq = first; seq <= last; ++seq) {
    all.append(Value::object({{"seq", seq}, {"time", 1.0}, {"direction", "in"}, {"address", "/x"}}));
  }
  return all;
}

// A debugger that says what the test wants, and a feed that listens to it, on one loop.
struct Debugger {
  test::TemporaryFolder home;
  platform::EventLoop loop;
  bus::Context context;
  bus::Publisher publisher{context, loop, "osc_debugger"};
  bus::CommandServer server{context, loop, "osc_debugger", [this](bus::Request request) { take(std::move(request)); }};
  bus::Registry registry{home.path()};
  bus::Registration registration{loop,
                                 registry,
                                 {.name = "osc_debugger",
                                  .status = "running",
                                  .command_port = server.bind("127.0.0.1", 0).value(),
                                  .telemetry_port = publisher.bind("127.0.0.1", 0).value()},
                                 [](const auto&) {}};
  bus::Directory directory{loop, home.path()};
  bus::Client client{context, loop, directory, "test"};
  Mailbox mailbox{[] {}};
  OscFeed feed{loop, context, client, mailbox};

  Value history = Value::array();  // what get_messages answers
  bool keeps_history = false;
  std::vector<bus::Request> kept;
  std::map<std::string, int> asked;  // how often, by command

  Numbers got;
  std::uint64_t missed = 0;
  std::vector<std::uint64_t> runs;  // of each of `got`
  std::vector<OscStats> stats;
  std::vector<OscLatest> addresses;

  void take(bus::Request request) {
    const auto& command = request.command().command;
    ++asked[command];
    if (command == wire::command::kGetMessages && keeps_history) {
      kept.push_back(std::move(request));
    } else if (command == wire::command::kGetMessages) {
      request.reply(Value::object({{"messages", history}}));
    } else if (command == wire::command::kGetAddresses) {
      request.reply(Value::object(
          {{"addresses", Value::array({Value::object({{"address", "/x"},
                                                      {"count", 7},
                                                      {"per_second", 2.5},
                                                      {"last", messages(9, 9).elements()->front()}})})}}));
    } else {
      request.reply(Value::object());
    }
  }

  template <class Condition>
  bool until(Condition condition) {
    for (const Time deadline = platform::EventLoop::clock() + 5s; !condition();) {
      if (platform::EventLoop::clock() > deadline) return false;
      loop.run_once(50ms);
      read();
    }
    return true;
  }

  void read() {
    for (const auto& message : mailbox.take()) {
      if (const auto* heard = std::get_if<OscHeard>(&message)) {
        for (const auto& row : heard->rows) {
          got.push_back(row.seq);
          runs.push_back(row.run);
        }
        missed += heard->missed;
      } else if (const auto* told = std::get_if<OscAddressesTold>(&message)) {
        addresses = told->addresses;
      } else if (const auto* changed = std::get_if<OscStatsChanged>(&message)) {
        stats.push_back(changed->stats);
      }
    }
  }

  [[nodiscard]] bool is_heard() const { return publisher.is_wanted(wire::topic::kOscMessages); }

  // Looks at the list, and waits until what was heard before has come.
  void look(OscInterest interest = OscInterest::kMessages) {
    const int before = asked["get_messages"];
    feed.follow(interest, directory.services());
    REQUIRE(until([&] { return is_heard() && asked["get_messages"] > before; }));
  }
  void look_away() {
    feed.follow(OscInterest::kStatistics, directory.services());
    REQUIRE(until([&] { return !is_heard(); }));
  }
  void publish(std::uint64_t first, std::uint64_t last) {
    publisher.publish(wire::topic::kOscMessages,
                      Value::object({{"messages", messages(first, last)}, {"total_count", last}}));
  }
  bool gets(const Numbers& numbers) {
    return until([&] { return got == numbers; });
  }
};

TEST_CASE_FIXTURE(Debugger, "messages are subscribed to only while somebody looks, statistics come always") {
  feed.on_stats(Value::object({{"total_count", 5}, {"per_second", 1.0}}));
  read();
  REQUIRE(stats.size() == 1);
  CHECK(stats.front().total == 5);
  CHECK_FALSE(is_heard());
  CHECK(asked.empty());
  look();
  look_away();
}

TEST_CASE_FIXTURE(Debugger, "what was heard before comes first, then what is new, each once") {
  keeps_history = true;
  feed.follow(OscInterest::kMessages, directory.services());
  REQUIRE(until([&] { return is_heard() && kept.size() == 1; }));
  publish(3, 4);
  publish(5, 5);
  // A subscriber gets what is published in order, and answers by another way: only the messages are waited for.
  for (int i = 0; i < 3; ++i) loop.run_once(20ms);
  read();
  CHECK(got.empty());
  kept.front().reply(Value::object({{"messages", messages(1, 4)}}));
  REQUIRE(until([&] { return got.size() >= 5; }));
  CHECK(got == Numbers{1, 2, 3, 4, 5});
  CHECK(missed == 0);
}

TEST_CASE_FIXTURE(Debugger, "messages that the debugger left out are counted") {
  history = messages(1, 3);
  look();
  REQUIRE(gets({1, 2, 3}));
  publish(10, 11);
  REQUIRE(gets({1, 2, 3, 10, 11}));
  CHECK(missed == 6);
}

TEST_CASE_FIXTURE(Debugger, "what came while nobody looked is not missed") {
  history = messages(1, 3);
  look();
  REQUIRE(gets({1, 2, 3}));
  look_away();
  history = messages(50, 51);
  look();
  REQUIRE(gets({1, 2, 3, 50, 51}));
  look_away();
  history = messages(51, 53);
  look();
  REQUIRE(gets({1, 2, 3, 50, 51, 52, 53}));
  CHECK(missed == 0);
}

TEST_CASE_FIXTURE(Debugger, "when the debugger counts anew its messages are of another run, and all are shown") {
  history = messages(1, 3);
  look();
  publish(4, 4);
  REQUIRE(gets({1, 2, 3, 4}));
  publish(1, 2);
  REQUIRE(gets({1, 2, 3, 4, 1, 2}));
  CHECK(runs[3] < runs[4]);
  CHECK(missed == 0);
}

TEST_CASE_FIXTURE(Debugger, "a debugger that does not answer hides nothing that it publishes") {
  keeps_history = true;
  feed.follow(OscInterest::kMessages, directory.services());
  REQUIRE(until([&] { return is_heard() && kept.size() == 1; }));
  publish(3, 4);
  kept.front().fail("busy");
  REQUIRE(gets({3, 4}));
}

TEST_CASE_FIXTURE(Debugger, "what is no message is passed over") {
  history = messages(2, 2);
  history.append(Value(1));
  history.append(Value::object({{"seq", 3}}));
  history.append(Value());
  look();
  REQUIRE(gets({2}));
}

TEST_CASE_FIXTURE(Debugger, "addresses are asked for when they are shown, and again with new statistics") {
  look();
  REQUIRE(until([&] { return asked["get_addresses"] == 1 && !addresses.empty(); }));
  look_away();
  addresses.clear();
  look(OscInterest::kAddresses);
  REQUIRE(until([&] { return asked["get_addresses"] == 2 && !addresses.empty(); }));
  CHECK(addresses.front().row.address == "/x");
  CHECK(addresses.front().count == 7);
  CHECK(addresses.front().per_second == 2.5);
  feed.on_stats(Value::object());
  CHECK(until([&] { return asked["get_addresses"] == 3; }));
}

TEST_CASE_FIXTURE(Debugger, "clear is the debugger's too") {
  feed.clear();
  CHECK(until([&] { return asked["clear"] == 1; }));
}

}  // namespace
}  // namespace vj::console
