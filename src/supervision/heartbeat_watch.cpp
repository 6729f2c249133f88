#include "supervision/heartbeat_watch.hpp"

#include <algorithm>

namespace vj::supervision {

void note_beat(HeartbeatWatch& watch, Time at, std::optional<std::uint64_t> progress) {
  if (at <= watch.last_beat) return;
  if (progress && progress == watch.progress) return;
  watch.last_beat = at;
  watch.progress = progress;
  watch.suspected_at.reset();
  watch.hung = false;
}

void excuse(HeartbeatWatch& watch, Time now, const Policy& policy) {
  watch.excused_until = now + policy.check_interval;
  watch.suspected_at.reset();
}

bool look_finds_hang(HeartbeatWatch& watch, Time now, const Policy& policy) {
  const auto due = next_look(watch, policy);
  if (!due || now < *due) return false;
  if (!watch.suspected_at) {
    watch.suspected_at = now;
    return false;
  }
  watch.suspected_at.reset();
  watch.hung = true;
  return true;
}

std::optional<Time> next_look(const HeartbeatWatch& watch, const Policy& policy) {
  // Nothing follows from a hang where nobody is healed; but healing may be switched on later.
  if (watch.hung && !policy.auto_heal) return std::nullopt;
  if (watch.suspected_at) return *watch.suspected_at + policy.second_look;
  return std::max(watch.last_beat + policy.heartbeat_timeout, watch.excused_until);
}

}  // namespace vj::supervision
