#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "wire/envelope.hpp"
#include "wire/json.hpp"
#include "wire/log_payload.hpp"
#include "wire/playback_payload.hpp"
#include "wire/worker_payload.hpp"

using namespace vj;
using namespace vj::wire;

namespace {

const Command kCommand{.id = "1",
                       .timestamp = 2.5,
                       .source = "me",
                       .command = "start_worker",
                       .payload = Value::object({{"worker", "x"}})};

std::string refusal(std::string_view text) {
  const auto command = decode_command(text);
  REQUIRE_FALSE(command);
  return command.error().message;
}

}  // namespace

TEST_CASE("members keep the order in which they were set, and a member set again stays in its place") {
  Value value;
  value.set("b", 1);
  value.set("a", 2);
  value.set("b", 3);
  CHECK(to_json(value) == R"({"b":3,"a":2})");
}

TEST_CASE("a member is taken once, and what has no members has nothing to take") {
  auto value = Value::object({{"a", "x"}, {"b", 1}});
  CHECK(value.take("a") == Value("x"));
  CHECK(value.take("a").is_null());
  CHECK(value.take("c").is_null());
  CHECK(to_json(value) == R"({"a":null,"b":1})");
  CHECK(Value(5).take("a").is_null());
}

TEST_CASE("JSON survives a round trip") {
  for (const std::string text : {"null", "true", "[]", "{}", R"({"a":[1,-2,2.5,"x",null,{"b":false}]})",
                                 R"("\"\\\n\t\u0001é日")", "9223372036854775807", "1e+300", "2.0"}) {
    const auto value = parse_json(text);
    REQUIRE_MESSAGE(value.has_value(), text);
    CHECK(to_json(*value) == text);
  }
}

TEST_CASE("every character that must be escaped is, wherever it stands in a text") {
  for (const char special : {'"', '\\', '\n', '\x01', '\x1f'}) {
    for (std::size_t at = 0; at < 150; ++at) {  // text is looked through in blocks, the last one being shorter
      for (const std::string end : {"", "é"}) {
        std::string text(150, 'x');
        text[at] = special;
        text += end;
        const auto json = to_json(Value(text));
        CHECK(json.size() > text.size() + 2);
        CHECK(parse_json(json)->string_or("") == text);
      }
    }
  }
}

TEST_CASE("an integer stays an integer, and a whole number with a fraction stays a number") {
  CHECK(parse_json("2")->is_integer());
  CHECK_FALSE(parse_json("2.0")->is_integer());
  CHECK(parse_json("2.0")->integer_or(0) == 2);
  CHECK(to_json(Value(2.0)) == "2.0");
}

TEST_CASE("NaN and infinities are written as null") {
  CHECK(to_json(Value(std::nan(""))) == "null");
  CHECK(to_json(Value(std::numeric_limits<double>::infinity())) == "null");
}

TEST_CASE("invalid UTF-8 is replaced, on the way in and on the way out") {
  CHECK(parse_json("\"a\xFF\"")->string_or("") == "a\xEF\xBF\xBD");
  for (std::size_t before = 0; before < 150; ++before) {
    const std::string plain(before, 'a');
    CHECK(to_json(Value(plain + "\xFF")) == "\"" + plain + "\xEF\xBF\xBD\"");
  }
}

TEST_CASE("what is not JSON is refused at every length, and nesting has an end") {
  const std::string text = R"({"type":"command","command":"x","payload":{"a":[1,2.5,"\u00e9"]}})";
  for (std::size_t length = 0; length < text.size(); ++length) CHECK_FALSE(parse_json(text.substr(0, length)));
  CHECK_FALSE(parse_json("{} {}"));
  CHECK(parse_json(std::string(99, '[') + std::string(99, ']')));
  CHECK_FALSE(parse_json(std::string(100000, '[')));
}

TEST_CASE("members of an object can be passed on as they stand") {
  const auto members = raw_members(R"( {"a": {"x" : [1, "}"]}, "b\u0062":7,"c" : "d" } )");
  REQUIRE(members);
  REQUIRE(members->size() == 3);
  CHECK(((*members)[0].name == "a" && (*members)[0].text == R"({"x" : [1, "}"]})"));
  CHECK(((*members)[1].name == "bb" && (*members)[1].text == "7"));
  CHECK(((*members)[2].name == "c" && (*members)[2].text == R"("d")"));
  CHECK(raw_members("{}")->empty());
  const std::string_view whole = R"({"a":{"b":[1,2]}})";
  for (std::size_t length = 0; length < whole.size(); ++length) CHECK_FALSE(raw_members(whole.substr(0, length)));
  for (const auto* text : {"[1]", "7", "{} {}", "{\"a\" 1}", "{\"a\":\"\xff\"}"}) CHECK_FALSE(raw_members(text));
}

TEST_CASE("messages have their fields in the order that the Python vj_bus writes") {
  CHECK(
      encode(kCommand) ==
      R"({"type":"command","id":"1","timestamp":2.5,"source":"me","command":"start_worker","payload":{"worker":"x"}})");
  CHECK(
      encode(Response{.id = "1", .timestamp = 2.5, .source = "s", .status = Status::kOk, .result = {}, .error = {}}) ==
      R"({"type":"response","id":"1","timestamp":2.5,"source":"s","status":"ok","result":null,"error":null})");
  CHECK(encode(Telemetry{
            .id = "1", .timestamp = 2.5, .source = "s", .topic = "a.b", .payload = Value::object({{"x", 1}})}) ==
        R"({"type":"telemetry","id":"1","timestamp":2.5,"source":"s","topic":"a.b","payload":{"x":1}})");
}

TEST_CASE("messages survive a round trip") {
  CHECK(decode_command(encode(kCommand)) == kCommand);
  const Response response{
      .id = "1", .timestamp = 2.5, .source = "s", .status = Status::kError, .result = Value::object(), .error = "no"};
  CHECK(decode_response(encode(response)) == response);
  const Telemetry telemetry{
      .id = "1", .timestamp = 2.5, .source = "s", .topic = "a.b", .payload = Value::object({{"x", 1}})};
  CHECK(decode_telemetry(encode(telemetry)) == telemetry);
}

TEST_CASE("only the command's name is required of a command; an integer timestamp and unknown fields are fine") {
  const auto bare = decode_command(R"({"command":"health_check"})");
  REQUIRE(bare);
  CHECK(bare->command == "health_check");
  CHECK(bare->payload == Value::object());
  const auto odd = decode_command(R"({"command":"x","timestamp":7,"future":[1],"payload":null,"id":3})");
  REQUIRE(odd);
  CHECK(odd->timestamp == 7.0);
  CHECK(odd->id == "");
}

TEST_CASE("what is not a command is refused with the reason") {
  CHECK(refusal("{nonsense").starts_with("Invalid command format: The JSON document has an improper structure"));
  CHECK(refusal("[1]") == "Invalid command format: not a JSON object");
  CHECK(refusal(R"({"id":"1"})") == "Invalid command format: 'command' is missing or not a string");
  CHECK(refusal(R"({"command":"x","payload":[1]})") == "Invalid command format: 'payload' is not an object");
  CHECK(refusal(std::string(kLongestMessage + 1, ' ')) == "Invalid command format: longer than 1 MB");
}

TEST_CASE("a refused message still finds its asker by id") {
  CHECK(id_of(R"({"id":"42","payload":3})") == "42");
  CHECK(id_of("{broken") == "");
}

TEST_CASE("an id is a version 4 UUID, and never the same twice") {
  const auto id = new_id();
  REQUIRE(id.size() == 36);
  CHECK(id[8] == '-');
  CHECK(id[14] == '4');
  CHECK(std::string("89ab").find(id[19]) != std::string::npos);
  CHECK(new_id() != id);
}

TEST_CASE("a subscription with .* means every topic that begins so, and * means all") {
  CHECK(matches("audio.*", "audio.features"));
  CHECK_FALSE(matches("audio.*", "audio"));
  CHECK(matches("a.b", "a.b"));
  CHECK_FALSE(matches("a.b", "a.bc"));
  CHECK(matches("*", "anything"));
  CHECK(subscription_prefix("audio.*") == "audio.");
}

TEST_CASE("a log record survives a round trip, and one of the old workers is understood") {
  const LogRecord record{
      .level = LogLevel::kWarning, .logger = "x", .message = "⚠️ careful", .timestamp = 3.5, .pid = 7, .seq = 9};
  CHECK(log_record_from(to_value(record)) == record);
  const auto old = log_record_from(Value::object({{"level", "CRITICAL"}, {"message", "m"}}));
  REQUIRE(old);
  CHECK(old->level == LogLevel::kError);
  CHECK(log_record_from(Value::object({{"level", "INFO"}})) == std::nullopt);
}

TEST_CASE("a worker's row survives a round trip, with the documented fields first") {
  const WorkerInfo worker{.name = "x",
                          .enabled = true,
                          .running = true,
                          .pid = 12,
                          .restart_count = 2,
                          .max_restarts = 10,
                          .stop_timeout = 20,
                          .state = "running",
                          .reason = "",
                          .uptime_sec = 2.5,
                          .cpu_percent = {},
                          .rss_bytes = 1024,
                          .next_restart_in = {},
                          .kind = "worker",
                          .adopted = true,
                          .command_port = 5001,
                          .telemetry_port = 5101};
  CHECK(worker_info_from(to_value(worker)) == worker);
  CHECK(
      to_json(to_value(worker))
          .starts_with(
              R"({"name":"x","enabled":true,"running":true,"pid":12,"restart_count":2,"state":"running","reason":"","uptime_sec":2.5,"cpu_percent":null,"rss_bytes":1024,"next_restart_in":null,"kind":"worker")"));
}

TEST_CASE("a lifecycle event names what happened to whom, with what belongs to it") {
  const LifecycleEvent event{std::string(lifecycle::kCrashed), "x",
                             Value::object({{"exit_code", -9}, {"restart_count", 1}})};
  CHECK(to_json(to_value(event)) ==
        R"({"event":"worker_crashed","worker":"x","payload":{"exit_code":-9,"restart_count":1}})");
}

TEST_CASE("a playback state survives a round trip") {
  playback::PlaybackState state;
  state.source = "virtualdj";
  state.player = "VirtualDJ history";
  state.is_playing = true;
  state.track = playback::Track{.artist = "A", .title = "T", .album = "", .duration = std::chrono::seconds(225)};
  state.position = 135s;
  state.position_at = Time(1000s);
  state.position_confidence = 0.25;
  state.deck = 2;
  CHECK(playback_state_from(to_value(state)) == state);
  playback::PlaybackState nothing;
  nothing.source = "spotify";
  nothing.reason = "no player";
  nothing.retry_in = 5s;
  CHECK(playback_state_from(to_value(nothing)) == nothing);
}
