#include "wire/envelope.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <random>

#include "base/time.hpp"
#include "wire/json.hpp"

namespace vj::wire {
namespace {

constexpr std::string_view kInvalidCommand = "Invalid command format: ";

std::string_view to_string(Status status) {
  switch (status) {
    case Status::kOk:
      return "ok";
    case Status::kError:
      return "error";
    case Status::kTimeout:
      return "timeout";
  }
  return "error";
}

Value error_value(const std::optional<std::string>& error) { return error ? Value(*error) : Value(); }

}  // namespace

std::string encode(const Command& command) {
  return to_json({{"type", "command"},
                  {"id", command.id},
                  {"timestamp", command.timestamp},
                  {"source", command.source},
                  {"command", command.command},
                  {"payload", command.payload}});
}

std::string encode(const Response& response) {
  return to_json({{"type", "response"},
                  {"id", response.id},
                  {"timestamp", response.timestamp},
                  {"source", response.source},
                  {"status", to_string(response.status)},
                  {"result", response.result},
                  {"error", error_value(response.error)}});
}

std::string encode(const Telemetry& telemetry) {
  return to_json({{"type", "telemetry"},
                  {"id", telemetry.id},
                  {"timestamp", telemetry.timestamp},
                  {"source", telemetry.source},
                  {"topic", telemetry.topic},
                  {"payload", telemetry.payload}});
}

Result<Command> decode_command(std::string_view text) {
  const auto refuse = [](std::string_view why) {
    return fail(ErrorCode::kInvalid, std::string(kInvalidCommand).append(why));
  };
  if (text.size() > kLongestMessage) return refuse("longer than 1 MB");
  auto value = parse_json(text);
  if (!value) return refuse(value.error().message);
  if (!value->is_object()) return refuse("not a JSON object");
  const auto* name = (*value)["command"].string();
  if (name == nullptr || name->empty()) return refuse("'command' is missing or not a string");
  auto payload = value->take("payload");
  if (!payload.is_object() && !payload.is_null()) return refuse("'payload' is not an object");
  return Command{.id = (*value)["id"].string_or(""),
                 .timestamp = (*value)["timestamp"].number_or(0),
                 .source = (*value)["source"].string_or(""),
                 .command = *name,
                 .payload = payload.is_null() ? Value::object() : std::move(payload)};
}

Result<Response> decode_response(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return fail_with("invalid response", value.error());
  const auto status = (*value)["status"].string_or("");
  if (status != "ok" && status != "error" && status != "timeout") {
    return fail(ErrorCode::kInvalid, "invalid response: 'status' is none of ok, error, timeout");
  }
  const auto* error = (*value)["error"].string();
  return Response{.id = (*value)["id"].string_or(""),
                  .timestamp = (*value)["timestamp"].number_or(0),
                  .source = (*value)["source"].string_or(""),
                  .status = status == "ok"      ? Status::kOk
                            : status == "error" ? Status::kError
                                                : Status::kTimeout,
                  .result = value->take("result"),
                  .error = error != nullptr ? std::optional(*error) : std::nullopt};
}

Result<Telemetry> decode_telemetry(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return fail_with("invalid telemetry", value.error());
  const auto* topic = (*value)["topic"].string();
  if (topic == nullptr) return fail(ErrorCode::kInvalid, "invalid telemetry: 'topic' is missing or not a string");
  return Telemetry{.id = (*value)["id"].string_or(""),
                   .timestamp = (*value)["timestamp"].number_or(0),
                   .source = (*value)["source"].string_or(""),
                   .topic = *topic,
                   .payload = value->take("payload")};
}

std::string id_of(std::string_view text) {
  if (text.size() > kLongestMessage) return {};
  const auto value = parse_json(text);
  return value ? (*value)["id"].string_or("") : std::string();
}

std::string new_id() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  std::array<std::uint64_t, 2> bits = {random(), random()};
  bits[0] = (bits[0] & ~0xF000ULL) | 0x4000ULL;
  bits[1] = (bits[1] & ~(3ULL << 62U)) | (2ULL << 62U);
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id;
  id.reserve(36);
  for (unsigned digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) id += '-';
    id += kDigits[bits[digit / 16] >> (60U - 4U * (digit % 16)) & 15U];
  }
  return id;
}

double wall_clock() { return to_seconds(WallTime(std::chrono::system_clock::now())); }

std::string_view subscription_prefix(std::string_view pattern) {
  return pattern.ends_with(".*") ? pattern.substr(0, pattern.size() - 1) : pattern;
}

bool matches(std::string_view pattern, std::string_view topic) {
  if (pattern == "*") return true;
  return pattern.ends_with(".*") ? topic.starts_with(subscription_prefix(pattern)) : topic == pattern;
}

}  // namespace vj::wire
