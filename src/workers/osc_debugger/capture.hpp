// One message as it was heard, in its bytes: most are never looked at, so they are read only for who asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "osc/argument.hpp"
#include "platform/udp_address.hpp"
#include "wire/osc_payload.hpp"

namespace vj::osc_debugger {

struct Capture {
  std::uint64_t seq = 0;
  WallTime time{};
  bool is_out = false;
  platform::UdpAddress peer{};
  std::string targets{};                   // of what went out: whom it was for, "visuals,resolume"
  std::string bytes{};                     // of the one message, or of what could not be read
  std::optional<osc::TimeTag> time_tag{};  // of the bundle it lay in
  std::string error{};                     // why it could not be read
  bool is_empty_bundle = false;            // `bytes` is empty then
};

// Longer packets are cut in what is shown as hexadecimal, told so by an ellipsis; nothing can be sent again from it.
inline constexpr std::size_t kMostHex = 256;

[[nodiscard]] wire::OscMessage message_of(const Capture& capture);

// The same with the bytes wherever JSON cannot give them back, all of them: for recordings.
[[nodiscard]] wire::OscMessage exact_message_of(const Capture& capture);

}  // namespace vj::osc_debugger
