// How OSC messages and targets are told to people. Pure.
#pragma once

#include <string>
#include <vector>

#include "ctl/style.hpp"
#include "wire/osc_payload.hpp"
#include "wire/osc_target_payload.hpp"

namespace vj::ctl {

// "21:15:32.481 out visuals              /audio/beat               iffif  [1, 128.0, 0.91, 3, 468.7]", local time, one
// line; what is malformed with the reason and its bytes.
[[nodiscard]] std::string osc_line(const wire::OscMessage& message, const Style& style);

// A line each: name, address, on or off, and what is wrong.
[[nodiscard]] std::string target_table(const std::vector<wire::OscTarget>& targets);

}  // namespace vj::ctl
