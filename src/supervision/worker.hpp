// What is known of one supervised process: its phase, and what outlives a phase. A phase holds only what exists in it:
// there is no pid in Stopped, and no restart time in Running.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.hpp"
#include "supervision/heartbeat_watch.hpp"

namespace vj::supervision {

struct Pid {
  int number = 0;

  friend auto operator<=>(const Pid&, const Pid&) = default;
};

// Numbers the spawns of one worker. What is reported about an earlier one changes nothing.
struct Generation {
  std::uint64_t number = 0;

  friend auto operator<=>(const Generation&, const Generation&) = default;
};

struct Process {
  Generation generation{};
  Pid pid{};
  Time since{};
  bool adopted = false;  // started by somebody else: an earlier process manager, or a person

  friend bool operator==(const Process&, const Process&) = default;
};

struct Stopped {
  friend bool operator==(const Stopped&, const Stopped&) = default;
};

// The shell has been told to spawn, and has not said what came of it.
struct Spawning {
  Generation generation{};
  Time since{};
  bool is_restart = false;
  Duration backoff{};           // the delay that preceded it
  bool stop_requested = false;  // to be stopped as soon as it is there

  friend bool operator==(const Spawning&, const Spawning&) = default;
};

struct Starting {
  Process process{};
  HeartbeatWatch watch{};

  friend bool operator==(const Starting&, const Starting&) = default;
};

struct Running {
  Process process{};
  HeartbeatWatch watch{};
  Time ready_since{};
  std::string complaint{};   // its own, while it says it is degraded
  std::string ill_health{};  // what a health check says, while one fails
  bool is_ill = false;       // it has failed as often as it may

  friend bool operator==(const Running&, const Running&) = default;
};

struct BackingOff {
  Time restart_at{};
  Duration delay{};
  std::string reason{};
  bool exit_unobserved = false;  // nobody saw the exit code; it may still be learned

  friend bool operator==(const BackingOff&, const BackingOff&) = default;
};

struct Failed {
  std::string reason{};

  friend bool operator==(const Failed&, const Failed&) = default;
};

struct StartAgain {
  bool after_stop = false;  // a stop that was followed by a start, rather than a restart

  friend bool operator==(const StartAgain&, const StartAgain&) = default;
};

using Afterwards = std::variant<Stopped, StartAgain, BackingOff, Failed>;

// On its way out, until nobody is left in its process group: the leader's exit alone frees neither ports nor devices.
struct Stopping {
  Process process{};
  Time kill_at{};            // the next SIGKILL to the group
  bool leader_gone = false;  // what is left are its descendants
  bool killed = false;
  Afterwards afterwards{};

  friend bool operator==(const Stopping&, const Stopping&) = default;
};

// Something holds the worker's place and cannot be verified to be the worker: shown, never signalled, never doubled.
struct Unknown {
  std::string reason{};

  friend bool operator==(const Unknown&, const Unknown&) = default;
};

using Phase = std::variant<Stopped, Spawning, Starting, Running, BackingOff, Stopping, Failed, Unknown>;

// What was last asked for. It outlives the process manager, and decides what a healing request may start.
enum class Intent { kNone, kRun, kStop };

struct Worker {
  Phase phase = Stopped{};
  int attempts_used = 0;
  Generation last_generation{};
  Intent intent = Intent::kNone;

  friend bool operator==(const Worker&, const Worker&) = default;
};

// One of: stopped starting running degraded backing_off stopping failed unknown.
[[nodiscard]] std::string_view state_of(const Worker&);

// Why it is not simply running or stopped; empty if there is nothing to say.
[[nodiscard]] std::string reason_of(const Worker&);

// Its process, if it has one that is known. Borrowed from the worker.
[[nodiscard]] const Process* process_of(const Worker&);

}  // namespace vj::supervision
