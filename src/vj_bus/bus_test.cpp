#include <algorithm>

#include <doctest/doctest.h>

#include "platform/process.hpp"
#include "platform/signals.hpp"
#include "support/left_behind.hpp"
#include "support/temporary_folder.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/publisher.hpp"
#include "vj_bus/registration.hpp"
#include "vj_bus/service.hpp"
#include "vj_bus/subscriber.hpp"
#include "wire/json.hpp"

using namespace vj;
using namespace vj::bus;
using wire::Value;

namespace {

// A service, and somebody who talks to it, in one process on one loop.
struct Bench {
  test::TemporaryFolder home;
  platform::EventLoop loop;
  Context context;

  template <class Condition>
  bool until(Condition condition) {
    for (const Time deadline = platform::EventLoop::clock() + 5s; !condition();) {
      if (platform::EventLoop::clock() > deadline) return false;
      loop.run_once(50ms);
    }
    return true;
  }
};

struct Echo : Bench {
  CommandServer server{context, loop, "echo", [this](Request request) { handle(std::move(request)); }};
  int port = server.bind("127.0.0.1", 0).value();
  Registry registry{home.path()};
  Registration registration{
      loop, registry, {.name = "echo", .status = "running", .command_port = port}, [](const auto&) {}};
  Directory directory{loop, home.path()};
  Client client{context, loop, directory, "test"};
  std::vector<Request> kept;

  void handle(Request request) {
    const auto& command = request.command().command;
    if (command == "echo") {
      auto payload = request.payload();
      request.reply(std::move(payload));
    } else if (command == "refuse") {
      request.refuse(Value::object({{"started", false}}));
    } else if (command == "keep") {
      kept.push_back(std::move(request));
    } else if (command != "drop") {
      request.fail("Unknown command: " + command);
    }
  }

  Result<wire::Response> ask_for(std::string_view service, std::string_view command, Duration timeout = 2s) {
    std::optional<Result<wire::Response>> answer;
    client.send(service, command, Value::object({{"x", 1}}), timeout, [&](auto result) { answer = std::move(result); });
    REQUIRE(until([&] { return answer.has_value(); }));
    return *answer;
  }
};

// As Echo, elsewhere on this machine; and it says something.
struct Elsewhere : Bench {
  static constexpr const char* kAddress = "127.0.0.2";

  static ServiceEntry entry(int command_port, int telemetry_port) {
    ServiceEntry entry{
        .name = "elsewhere", .status = "running", .command_port = command_port, .telemetry_port = telemetry_port};
    entry.set_address(kAddress);
    return entry;
  }

  CommandServer server{context, loop, "elsewhere", [](Request request) { request.reply(Value::object()); }};
  Publisher publisher{context, loop, "elsewhere"};
  Registry registry{home.path()};
  Registration registration{
      loop, registry, entry(server.bind(kAddress, 0).value(), publisher.bind(kAddress, 0).value()), [](const auto&) {}};
};

struct Telemetry : Bench {
  Publisher publisher{context, loop, "source"};
  int port = publisher.bind("127.0.0.1", 0).value();
  std::vector<std::string> got;

  auto reader(std::vector<std::string> patterns) {
    auto subscriber = std::make_unique<Subscriber>(
        context, loop, std::move(patterns), [this](const wire::Telemetry& telemetry, std::string_view) {
          got.push_back(telemetry.topic + "=" + wire::to_json(telemetry.payload["n"]));
        });
    REQUIRE(subscriber->connect(tcp_endpoint("127.0.0.1", port)));
    return subscriber;
  }

  // A subscription takes a moment to arrive, so a message is repeated until it has been seen.
  bool reaches(std::string_view topic, int n, const std::string& expected) {
    return until([&] {
      publisher.publish(topic, Value::object({{"n", n}}));
      loop.run_once(5ms);
      return std::find(got.begin(), got.end(), expected) != got.end();
    });
  }
};

}  // namespace

TEST_CASE("a service is reached at the address where it is") {
  Elsewhere bench;
  const Directory directory(bench.loop, bench.home.path());
  Client client(bench.context, bench.loop, directory, "test");
  std::optional<Result<wire::Response>> answer;
  client.send("elsewhere", "x", Value::object(), [&](auto result) { answer = std::move(result); });
  REQUIRE(bench.until([&] { return answer.has_value(); }));
  CHECK(*answer);
  bool is_heard = false;
  Subscriber subscriber(bench.context, bench.loop, {"x"}, [&](const auto&, auto) { is_heard = true; });
  subscriber.follow(directory.services());
  bench.publisher.publish_state("x", Value::object());
  CHECK(bench.until([&] { return is_heard; }));
}

TEST_CASE("a directory tells of what others wrote and of what was written by way of it, each once") {
  const test::TemporaryFolder home;
  platform::EventLoop loop;
  std::vector<std::size_t> told;
  Directory directory(loop, home.path(), [&](const RegistrySnapshot& now) { told.push_back(now.services.size()); });
  Registry theirs(home.path());
  REQUIRE(theirs.put({.name = "theirs", .status = "running"}));
  // Theirs has not been told yet, and need not be by itself.
  REQUIRE(directory.registry().put({.name = "ours", .status = "running"}));
  REQUIRE(directory.registry().put({.name = "ours too", .status = "running"}));
  loop.run_once(0ms);
  loop.run_once(0ms);
  CHECK(told == std::vector<std::size_t>{3});
  REQUIRE(theirs.remove("theirs", 0));
  loop.run_once(1s);
  loop.run_once(0ms);
  CHECK(told == std::vector<std::size_t>{3, 2});
  std::filesystem::remove(directory.registry().file());
  loop.run_once(1s);
  CHECK(told == std::vector<std::size_t>{3, 2, 0});
}

TEST_CASE("who is not told of heartbeats is told of what else happens, and sees them when he writes himself") {
  const test::TemporaryFolder home;
  platform::EventLoop loop;
  int told = 0;
  Directory directory(loop, home.path(), [&](const auto&) { ++told; }, Heartbeats::kUntold);
  Registry theirs(home.path());
  ServiceEntry entry{.name = "theirs", .status = "running"};
  const auto beats = [&](double at) {
    entry.heartbeat_at = at;
    entry.metadata.set("heartbeat_monotonic", at);
    entry.metadata.set("progress", static_cast<int>(at));
    REQUIRE(theirs.put(entry));
  };
  const auto seen = [&] { return directory.services().find("theirs")->progress(); };
  const auto tells = [&] {
    const int before = told;
    loop.run_once(50ms);
    loop.run_once(0ms);
    return told > before;
  };
  beats(100);
  CHECK(tells());
  beats(105);
  CHECK_FALSE(tells());
  CHECK(seen() == 100);
  REQUIRE(directory.registry().put({.name = "ours", .status = "running"}));
  CHECK(tells());
  CHECK(seen() == 105);
  entry.status = "stopping";
  beats(106);
  CHECK(tells());
  CHECK(seen() == 106);
  entry.metadata.set("reason", "no folder");
  beats(107);
  CHECK(tells());
  beats(130);  // it was given up meanwhile
  CHECK(tells());
  REQUIRE(theirs.remove("theirs", 0));
  CHECK(tells());
}

TEST_CASE_FIXTURE(Echo, "a command is answered with its id, its result and the service's name") {
  const auto answer = ask_for("echo", "echo");
  REQUIRE(answer);
  CHECK(answer->status == wire::Status::kOk);
  CHECK(answer->source == "echo");
  CHECK(answer->result == Value::object({{"x", 1}}));
  CHECK(answer->error == std::nullopt);
}

TEST_CASE_FIXTURE(Echo, "a payload of any length comes back as it was sent, several underway at a time") {
  std::vector<std::pair<Value, std::optional<Value>>> underway;
  for (const std::size_t length : {0U, 100U, 4000U, 4096U, 70'000U, 900'000U}) {
    underway.emplace_back(Value::object({{"text", std::string(length, 'a') + "\n\xC3\xA9"}}), std::nullopt);
  }
  for (auto& [sent, came] : underway) {
    client.send("echo", "echo", sent, 10s, [&came](const auto& answer) { came = answer.value().result; });
  }
  REQUIRE(until([&] { return std::ranges::all_of(underway, [](const auto& one) { return one.second.has_value(); }); }));
  for (const auto& [sent, came] : underway) CHECK(came == sent);
}

TEST_CASE_FIXTURE(Echo, "a refusal has a result and no text; a failure has a text and no result") {
  CHECK(ask_for("echo", "refuse")->result == Value::object({{"started", false}}));
  CHECK(ask_for("echo", "refuse")->error == std::nullopt);
  CHECK(ask_for("echo", "nonsense")->error == "Unknown command: nonsense");
  CHECK(ask_for("echo", "nonsense")->result.is_null());
}

TEST_CASE_FIXTURE(Echo, "a command that takes its time holds up no other") {
  bool slow_answered = false;
  client.send("echo", "keep", Value::object(), [&](auto answer) { slow_answered = answer.has_value(); });
  REQUIRE(until([&] { return kept.size() == 1; }));
  CHECK(ask_for("echo", "echo"));
  CHECK_FALSE(slow_answered);
  kept.front().reply(Value::object());
  CHECK(until([&] { return slow_answered; }));
}

TEST_CASE_FIXTURE(Echo, "a command that the service drops is answered all the same") {
  CHECK(ask_for("echo", "drop")->error == "no answer: the service gave up on this command");
}

TEST_CASE_FIXTURE(Echo, "a client that goes takes along what it was to answer") {
  int answers = 0;
  {
    Client brief(context, loop, directory, "test");
    for (const auto* service : {"echo", "nobody"}) {
      brief.send(service, "echo", Value::object(), 0ns, [&](const auto&) { ++answers; });
    }
  }
  ask_for("echo", "echo");
  CHECK(answers == 0);
}

TEST_CASE_FIXTURE(Echo, "no answer in time is a timeout, and a late answer is nobody's") {
  const auto answer = ask_for("echo", "keep", 20ms);
  CHECK(answer.error() == Error{ErrorCode::kTimeout, "echo did not answer within 0.02 s"});
  kept.front().reply(Value::object());
  CHECK(ask_for("echo", "echo"));
}

// A service whose process is a child that can be killed, while its socket is here and can still speak.
struct Mortal : Echo {
  platform::SpawnedProcess child =
      platform::spawn({.program = "/bin/sleep", .arguments = {"100"}, .environment = {}, .working_folder = {}}).value();
  CommandServer mortal{context, loop, "mortal", [this](Request request) { kept.push_back(std::move(request)); }};
  std::optional<Result<wire::Response>> answer;

  Mortal() {
    ServiceEntry entry{.name = "mortal",
                       .pid = child.identity.pid,
                       .status = "running",
                       .command_port = mortal.bind("127.0.0.1", 0).value()};
    entry.metadata.set("boot_id", child.identity.boot_id);
    entry.metadata.set("start_time_ticks", child.identity.start_time_ticks);
    REQUIRE(Registry(home.path()).put(entry));
    directory.refresh();
    client.send("mortal", "keep", Value::object(), 60s, [&](auto result) { answer = std::move(result); });
    REQUIRE(until([&] { return kept.size() == 1; }));
  }
  ~Mortal() { CHECK(platform::reap(child.identity.pid)); }

  void kill_child() {
    bool ended = false;
    const auto watch = child.handle.watch_exit(loop, [&] { ended = true; });
    REQUIRE(child.handle.signal(platform::signals::kKill));
    REQUIRE(until([&] { return ended; }));
  }
};

TEST_CASE_FIXTURE(Mortal, "a service that ends before it answered is told so, not by a timeout") {
  kill_child();
  REQUIRE(until([&] { return answer.has_value(); }));
  CHECK(answer->error() == Error{ErrorCode::kUnavailable, "mortal ended before it answered"});
  CHECK(ask_for("mortal", "keep").error() == Error{ErrorCode::kUnavailable, "mortal is not running"});
}

TEST_CASE_FIXTURE(Mortal, "what a service said last is heard also after its end was noticed") {
  kill_child();
  kept.front().reply(Value::object({{"last", "words"}}));
  REQUIRE(until([&] { return answer.has_value(); }));
  REQUIRE(answer->has_value());
  CHECK((*answer)->result == Value::object({{"last", "words"}}));
}

TEST_CASE_FIXTURE(Echo, "a service that is not there is said to be not there") {
  CHECK(ask_for("nobody", "echo").error() == Error{ErrorCode::kUnavailable, "nobody is not running"});
}

TEST_CASE_FIXTURE(Echo, "what is not a command is answered with the reason, to REQ and to DEALER sockets alike") {
  for (const bool with_empty_frame : {true, false}) {
    CAPTURE(with_empty_frame);
    std::optional<Frames> answer;
    Socket raw(context, loop, SocketKind::kDealer, [&] { answer = raw.receive(); });
    REQUIRE(raw.connect(tcp_endpoint("127.0.0.1", port)));
    const std::string body = R"({"id":"7","payload":[]})";
    Frames question(with_empty_frame ? 2 : 1);
    question.back() = Frame(body);
    raw.send(std::move(question));
    REQUIRE(until([&] { return answer.has_value(); }));
    CHECK(answer->size() == (with_empty_frame ? 2 : 1));
    const auto response = wire::decode_response(answer->back().text());
    REQUIRE(response);
    CHECK(response->id == "7");
    CHECK(response->error == "Invalid command format: 'command' is missing or not a string");
  }
}

TEST_CASE_FIXTURE(Bench, "a port that is taken is a conflict, and any free one can be had") {
  CommandServer first(context, loop, "a", [](Request) {});
  CommandServer second(context, loop, "b", [](Request) {});
  const auto port = first.bind("127.0.0.1", 0);
  REQUIRE(port);
  CHECK(second.bind("127.0.0.1", *port).error().code == ErrorCode::kConflict);
  CHECK(second.bind("127.0.0.1", 0).value() != *port);
}

TEST_CASE_FIXTURE(Telemetry, "a subscriber gets its topics and no others") {
  const auto exact = reader({"a.b"});
  REQUIRE(reaches("a.b", 1, "a.b=1"));
  publisher.publish("a.bc", Value::object({{"n", 2}}));
  publisher.publish("c", Value::object({{"n", 3}}));
  REQUIRE(reaches("a.b", 4, "a.b=4"));
  for (const auto& message : got) CHECK(message.starts_with("a.b="));
}

TEST_CASE_FIXTURE(Telemetry, "a.* is every topic that begins with a., and * is everything, once") {
  const auto some = reader({"a.*"});
  REQUIRE(reaches("a.b", 1, "a.b=1"));
  got.clear();
  const auto all = reader({"*"});
  REQUIRE(reaches("c", 2, "c=2"));
}

TEST_CASE_FIXTURE(Telemetry, "a late subscriber gets the last value of a state at once") {
  publisher.publish_state("x.state", Value::object({{"n", 1}}));
  publisher.publish_state("x.state", Value::object({{"n", 2}}));
  const auto late = reader({"x.state"});
  REQUIRE(until([&] { return !got.empty(); }));
  CHECK(got == std::vector<std::string>{"x.state=2"});
}

TEST_CASE_FIXTURE(Telemetry, "a late subscriber gets the newest events that must not be missed, in their order") {
  const auto last = static_cast<int>(Publisher::kRecentKept) + 2;
  for (int n = 1; n <= last; ++n) publisher.publish_recent("x.record", Value::object({{"n", n}}));
  const auto late = reader({"x.record"});
  REQUIRE(until([&] { return got.size() == Publisher::kRecentKept; }));
  CHECK(got.front() == "x.record=3");
  CHECK(got.back() == "x.record=" + std::to_string(last));
}

TEST_CASE_FIXTURE(Telemetry, "who subscribes to the letter * gets every message under that letter") {
  publisher.publish_state("x.state", Value::object({{"n", 1}}));
  std::vector<std::string> frames;
  Socket old(context, loop, SocketKind::kSubscriber, [&] {
    while (const auto message = old.receive()) frames.emplace_back(message->front().text());
  });
  old.subscribe("*");
  REQUIRE(old.connect(tcp_endpoint("127.0.0.1", port)));
  REQUIRE(until([&] { return !frames.empty(); }));
  CHECK(frames.front().starts_with(R"(* {"type":"telemetry")"));
  publisher.publish("y.event", Value::object({{"n", 2}}));
  REQUIRE(until([&] { return frames.size() == 2; }));
  CHECK(frames.back().find(R"("topic":"y.event")") != std::string::npos);
}

TEST_CASE_FIXTURE(Telemetry, "a subscriber follows services that come, move and go") {
  Subscriber subscriber(context, loop, {"a"}, [this](const wire::Telemetry& telemetry, std::string_view) {
    got.push_back(telemetry.topic + "=" + wire::to_json(telemetry.payload["n"]));
  });
  ServiceEntry entry{.name = "source", .pid = platform::own_pid(), .status = "running", .telemetry_port = port};
  subscriber.follow({{entry}});
  REQUIRE(reaches("a", 1, "a=1"));
  Publisher moved(context, loop, "source");
  entry.telemetry_port = moved.bind("127.0.0.1", 0).value();
  subscriber.follow({{entry}});
  CHECK(until([&] {
    moved.publish("a", Value::object({{"n", 2}}));
    loop.run_once(5ms);
    return got.back() == "a=2";
  }));
  subscriber.follow({});
  subscriber.follow({{entry}});
  CHECK(until([&] {
    moved.publish("a", Value::object({{"n", 3}}));
    loop.run_once(5ms);
    return got.back() == "a=3";
  }));
}
