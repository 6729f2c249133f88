#include "ctl/osc_recording.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "wire/json.hpp"

namespace vj::ctl {

std::string recorded_line(const wire::OscMessage& message) { return wire::to_json(wire::to_value(message)); }

Result<std::vector<ReplayedMessage>> replay_of(std::string_view recording, bool also_in) {
  struct Timed {
    double time;
    std::string packet;
  };
  std::vector<Timed> timed;
  std::size_t number = 0;
  for (const auto line : split(recording, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    const auto at_line = format("line {}", number);
    const auto json = wire::parse_json(line);
    if (!json) return fail_with(at_line, json.error());
    const auto message = wire::osc_message_from(*json);
    if (!message || !(*json)["time"].is_number()) {
      return fail(ErrorCode::kInvalid, at_line + ": a message has 'time' and 'address'");
    }
    if ((*json)["direction"].string_or("") == "in" && !also_in) continue;
    auto packet = wire::osc_packet(*message);
    if (!packet) return fail_with(at_line, packet.error());
    timed.push_back({message->time, std::move(*packet)});
  }
  std::ranges::stable_sort(timed, {}, &Timed::time);
  std::vector<ReplayedMessage> replay;
  replay.reserve(timed.size());
  for (auto& one : timed) replay.push_back({from_seconds(one.time - timed.front().time), std::move(one.packet)});
  return replay;
}

}  // namespace vj::ctl
