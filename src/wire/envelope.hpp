// The three kinds of message on the bus, and their text. Field names, order and types are those of the Python vj_bus.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/value.hpp"

namespace vj::wire {

struct Command {
  std::string id;
  double timestamp = 0;  // seconds since the epoch
  std::string source;
  std::string command;
  Value payload = Value::object();

  friend bool operator==(const Command&, const Command&) = default;
};

enum class Status { kOk, kError, kTimeout };

struct Response {
  std::string id;  // the command's
  double timestamp = 0;
  std::string source;
  Status status = Status::kOk;
  Value result;  // object or null
  std::optional<std::string> error;

  friend bool operator==(const Response&, const Response&) = default;
};

struct Telemetry {
  std::string id;
  double timestamp = 0;  // when the payload was true
  std::string source;
  std::string topic;
  Value payload = Value::object();

  friend bool operator==(const Telemetry&, const Telemetry&) = default;
};

[[nodiscard]] std::string encode(const Command& command);
[[nodiscard]] std::string encode(const Response& response);
[[nodiscard]] std::string encode(const Telemetry& telemetry);

// Only `command` is required of a command; unknown fields are ignored. The error's message is what the sender is
// answered
// ("Invalid command format: …").
[[nodiscard]] Result<Command> decode_command(std::string_view text);
[[nodiscard]] Result<Response> decode_response(std::string_view text);
[[nodiscard]] Result<Telemetry> decode_telemetry(std::string_view text);

// The id of something that is a JSON object with a string `id`, whatever else is wrong with it; empty otherwise. So
// that even a refusal finds its asker.
[[nodiscard]] std::string id_of(std::string_view text);

// A message is at most this long; longer ones are refused.
inline constexpr std::size_t kLongestMessage = std::size_t{1} << 20U;

// A random (version 4) UUID, RFC 9562. Thread-safe: yes.
[[nodiscard]] std::string new_id();

// Seconds since the epoch, now.
[[nodiscard]] double wall_clock();

// A subscription `a.*` means every topic that begins with `a.`; any other is itself.
[[nodiscard]] std::string_view subscription_prefix(std::string_view pattern);
[[nodiscard]] bool matches(std::string_view pattern, std::string_view topic);

}  // namespace vj::wire
