// Recordings of OSC: one message a line, JSON as `vjctl --json osc` prints it. A person may write one by hand: `time`
// and `address` are enough. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "wire/osc_payload.hpp"

namespace vj::ctl {

[[nodiscard]] std::string recorded_line(const wire::OscMessage& message);  // without a line break

struct ReplayedMessage {
  Duration after{};    // since the first message that is replayed
  std::string packet;  // its bytes

  friend bool operator==(const ReplayedMessage&, const ReplayedMessage&) = default;
};

// What a recording sends again, in the order of time: what our services had sent, and what says no direction; with
// `also_in` also what had come in from elsewhere. kInvalid names the line that is wrong.
[[nodiscard]] Result<std::vector<ReplayedMessage>> replay_of(std::string_view recording, bool also_in);

}  // namespace vj::ctl
