// Tells a hung process from a late supervisor. Silence longer than the timeout raises a suspicion; a second look a
// moment later confirms it; a beat in between, or an excuse, ends it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "supervision/policy.hpp"

namespace vj::supervision {

struct HeartbeatWatch {
  Time last_beat{};                         // the process's start, until it beats
  std::optional<std::uint64_t> progress{};  // the work loop's counter in the last beat, of workers that have one
  Time excused_until{};                     // silence before this is nobody's fault
  std::optional<Time> suspected_at{};
  bool hung = false;  // confirmed; stays until the next beat

  friend bool operator==(const HeartbeatWatch&, const HeartbeatWatch&) = default;
};

// A beat proves life only if it is newer than the last, and its counter (if there is one) has moved: a heartbeat thread
// that outlives its work loop repeats the counter.
void note_beat(HeartbeatWatch&, Time at, std::optional<std::uint64_t> progress);

// The supervisor was late, or has only just begun to watch: one more round before anybody is suspected.
void excuse(HeartbeatWatch&, Time now, const Policy&);

// Looks once. True at the moment the process is found to be hung; where nobody is healed, not again until it has
// beaten.
[[nodiscard]] bool look_finds_hang(HeartbeatWatch&, Time now, const Policy&);

// When to look next; none once it is hung and left alone.
[[nodiscard]] std::optional<Time> next_look(const HeartbeatWatch&, const Policy&);

}  // namespace vj::supervision
