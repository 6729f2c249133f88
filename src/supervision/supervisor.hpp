// Decides what happens to one supervised process. It never spawns, signals, waits or reads a clock: the caller reports
// what happened and when, carries out the actions in order, and calls with a Tick when next_deadline has come. The
// process manager uses it for workers and apps, the console for the process manager.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "supervision/action.hpp"
#include "supervision/event.hpp"
#include "supervision/policy.hpp"
#include "supervision/worker.hpp"

namespace vj::supervision {

struct Step {
  Worker next;
  Actions actions;

  friend bool operator==(const Step&, const Step&) = default;
};

[[nodiscard]] Step step(const Worker&, const Event&, Time now, const Policy&);

// What step makes of a heartbeat in which nothing is new but the beat, made in place: of all events it is by far the
// most frequent. False, and nothing changed, where step has to say what it means.
[[nodiscard]] bool beat_again(Worker&, Generation, Time beat, std::optional<std::uint64_t> progress);

// Why it is not simply running or stopped, and whether that is left to a person because nobody is healed; empty if
// there is nothing to say.
[[nodiscard]] std::string reason_of(const Worker&, const Policy&);

// When the worker needs a Tick although nothing happens; none if it can wait for ever.
[[nodiscard]] std::optional<Time> next_deadline(const Worker&, const Policy&);

}  // namespace vj::supervision
