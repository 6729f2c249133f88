// `osc.messages`: OSC messages as payloads, and back. Arguments become JSON: integers and reals as numbers, T F N as
// true, false and null, arrays as arrays, all else as the text of osc/argument_text.hpp; the types beside them tell
// which. A real that is no number is text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "osc/packet_reader.hpp"
#include "wire/value.hpp"

namespace vj::wire {

struct OscMessage {
  std::uint64_t seq = 0;
  double time = 0;      // wall clock, when the kernel got it
  bool is_out = false;  // sent by a service of ours
  std::string peer{};   // of what came in: "192.0.2.7:52011"; of what went out: the targets, "visuals,resolume"
  std::string address{};
  std::string types{};
  Value args = Value::array();
  std::string time_tag{};  // of the bundle it lay in; empty where it lay in none
  std::string note{};      // what is odd about it; mostly empty
  std::string error{};     // why it could not be read; address, types and args are empty then
  std::string packet{};    // its bytes in hexadecimal, where error is set or the rest does not give them back

  friend bool operator==(const OscMessage&, const OscMessage&) = default;
};

[[nodiscard]] Value to_value(const OscMessage& message);
[[nodiscard]] std::optional<OscMessage> osc_message_from(const Value& payload);

[[nodiscard]] Value osc_arguments(const osc::MessageView& message);

// The bytes that the message stands for: those of `packet` where it is set, else of address, types and args. kInvalid
// says what does not fit.
[[nodiscard]] Result<std::string> osc_packet(const OscMessage& message);

// "energetic" for a single argument, "[1, 128.0, \"a\"]" for several; may be shown on a terminal.
[[nodiscard]] std::string osc_arguments_text(const OscMessage& message);

}  // namespace vj::wire
