// What the OSC screen knows: messages as rows, the latest of each address, and how the debugger does. All of its text
// may be shown on a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "wire/osc_payload.hpp"
#include "wire/osc_target_payload.hpp"
#include "wire/value.hpp"

namespace vj::console {

struct OscRow {
  std::uint64_t run = 0;  // of the debugger, whose numbers begin anew when it does
  std::uint64_t seq = 0;
  WallTime time{};
  bool is_out = false;
  std::string peer{};       // "192.0.2.7:52011"; of what went out the targets, "visuals,resolume"
  std::string address{};    // empty where it could not be read
  std::string types{};      // "iffif"
  std::string arguments{};  // "energetic", "[1, 128.0]"; of reals what the eye can use: two decimals, one from 100 on
  std::string exact{};      // the same with reals as they came, where that is something else
  std::string time_tag{};   // of the bundle it lay in
  std::string note{};       // what is odd about it
  std::string error{};      // why it could not be read
  std::string packet{};     // its bytes in hexadecimal, where something is wrong with it

  [[nodiscard]] std::size_t bytes() const;
  friend bool operator==(const OscRow&, const OscRow&) = default;
};

[[nodiscard]] OscRow osc_row(const wire::OscMessage& message, std::uint64_t run);

// One address, with the last message that it had.
struct OscLatest {
  OscRow row;
  std::uint64_t count = 0;
  double per_second = 0;

  friend bool operator==(const OscLatest&, const OscLatest&) = default;
};

struct OscStats {
  double per_second = 0;
  double out_per_second = 0;  // of that, sent by our own services
  std::uint64_t total = 0;
  std::uint64_t dropped = 0;  // by the kernel
  std::uint64_t malformed = 0;
  std::map<std::string, double, std::less<>> rates{};  // per address; only of those that have one
  std::vector<wire::OscTarget> targets{};
  int tap = 0;  // the port where the debugger takes copies; 0: none

  friend bool operator==(const OscStats&, const OscStats&) = default;
};

// Of an `osc.stats`.
[[nodiscard]] OscStats osc_stats(const wire::Value& payload);

// As much of "[0.85, 0.72, 0.68]" as fits, whole arguments where that is possible: "[0.85, …]".
[[nodiscard]] std::string cut_arguments(std::string_view arguments, int width);

}  // namespace vj::console
