// What can happen to a supervised process, as the shell reports it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/time.hpp"
#include "supervision/worker.hpp"

namespace vj::supervision {

enum class RequestedBy {
  kPerson,  // a command, or the start_all of a console that somebody started: attempts begin anew
  kHeal,    // a console that brought the process manager back: resets nothing, and starts nothing that a person had
            // stopped or that has failed
};

struct StartRequested {
  RequestedBy by = RequestedBy::kPerson;
};
struct StopRequested {};
struct RestartRequested {};
struct ResetRequested {};  // forget the attempts; a failed worker is merely stopped afterwards

struct Spawned {
  Generation generation{};
  Pid pid{};
};
struct SpawnFailed {
  Generation generation{};
  std::string reason{};
};

// The leader has ended. A negative code is the signal that ended it; none means that nobody could observe it.
struct Exited {
  Generation generation{};
  std::optional<int> code{};
  bool group_empty = true;   // false: descendants live on in its group, and GroupEmptied will follow
  std::string last_words{};  // the last line it wrote, if it is worth showing
  // It read a configuration that was being changed, or that cannot be read any more: that it ends with 78 says nothing
  // about itself then.
  bool file_to_blame = false;
};
struct GroupEmptied {
  Generation generation{};
};
struct SignalRefused {  // the system does not let us signal it: it is another user's
  Generation generation{};
  std::string reason{};
};
struct ExitCodeLearned {  // of a process whose exit was reported without a code
  Generation generation{};
  int code = 0;
  bool file_to_blame = false;  // as in Exited
};

enum class ReportedStatus { kStarting, kRunning, kDegraded, kStopping, kRestarting };

// What the registry says of the process. The beat is on the supervisor's clock: when it was seen to change.
struct Heartbeat {
  Generation generation{};
  Time beat{};
  std::optional<std::uint64_t> progress{};
  ReportedStatus status = ReportedStatus::kRunning;
  std::string reason{};
};

// A live process was found and verified to be this worker.
struct Adopted {
  Generation generation{};  // at least the worker's last
  Pid pid{};
  Time since{};
  std::optional<Afterwards> afterwards{};  // it was being ended, and this was to follow
};
struct CannotVerify {  // something holds the worker's place
  std::string reason{};
};
struct UnverifiedGone {};  // it no longer does

struct HealthFailed {
  Generation generation{};
  std::string reason{};
  bool confirmed = false;  // it has failed as often in a row as its configuration allows
};
struct HealthRecovered {
  Generation generation{};
};

// A turn that comes this much after its deadline says more about the supervisor or the machine than about anybody else.
inline constexpr Duration kLate = 1s;

struct Tick {
  // The supervisor's own clock shows that it was late, or that the machine slept or was stopped (then it goes to every
  // worker), or it could not have heard anybody: silence is excused for one more round.
  bool supervisor_was_late = false;
};

using Event = std::variant<StartRequested, StopRequested, RestartRequested, ResetRequested, Spawned, SpawnFailed,
                           Exited, GroupEmptied, SignalRefused, ExitCodeLearned, Heartbeat, Adopted, CannotVerify,
                           UnverifiedGone, HealthFailed, HealthRecovered, Tick>;

}  // namespace vj::supervision
