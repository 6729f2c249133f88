// What the shell has to do, in order, after a step.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "supervision/worker.hpp"

namespace vj::supervision {

// Things worth telling: each is a log line (log_lines.hpp), most are a message on the topic events.lifecycle.
struct HasStarted {
  Pid pid{};
  friend bool operator==(const HasStarted&, const HasStarted&) = default;
};
struct HasRestarted {
  Pid pid{};
  int restart_count = 0;
  Duration backoff{};
  friend bool operator==(const HasRestarted&, const HasRestarted&) = default;
};
struct HasStopped {
  friend bool operator==(const HasStopped&, const HasStopped&) = default;
};
struct HasCrashed {
  std::optional<int> exit_code{};  // none: the reason says what is known instead
  std::string reason{};
  int restart_count = 0;  // restarts before this crash
  friend bool operator==(const HasCrashed&, const HasCrashed&) = default;
};
struct CouldNotStart {
  std::string reason{};
  int restart_count = 0;
  friend bool operator==(const CouldNotStart&, const CouldNotStart&) = default;
};
struct WillRestart {
  Duration delay{};
  int attempt = 0;
  int limit = 0;
  friend bool operator==(const WillRestart&, const WillRestart&) = default;
};
struct WasAdopted {
  Pid pid{};
  friend bool operator==(const WasAdopted&, const WasAdopted&) = default;
};
struct HasFailed {
  std::string reason{};
  friend bool operator==(const HasFailed&, const HasFailed&) = default;
};
struct WasKilled {  // it did not stop in time
  Duration after{};
  friend bool operator==(const WasKilled&, const WasKilled&) = default;
};
struct CannotBeStopped {
  std::string reason{};
  friend bool operator==(const CannotBeStopped&, const CannotBeStopped&) = default;
};
struct IsDegraded {
  std::string reason{};
  friend bool operator==(const IsDegraded&, const IsDegraded&) = default;
};
struct HasRecovered {
  friend bool operator==(const HasRecovered&, const HasRecovered&) = default;
};
struct IsUnknown {
  std::string reason{};
  friend bool operator==(const IsUnknown&, const IsUnknown&) = default;
};

using Happening = std::variant<HasStarted, HasRestarted, HasStopped, HasCrashed, CouldNotStart, WillRestart, WasAdopted,
                               HasFailed, WasKilled, CannotBeStopped, IsDegraded, HasRecovered, IsUnknown>;

// To be answered with Spawned or SpawnFailed of the same generation.
struct Spawn {
  Generation generation{};
  friend bool operator==(const Spawn&, const Spawn&) = default;
};

enum class Signal { kTerminate, kKill };

// To every process of the group, also when its leader is gone.
struct SendSignal {
  Generation generation{};
  Signal signal = Signal::kTerminate;
  friend bool operator==(const SendSignal&, const SendSignal&) = default;
};

struct Announce {
  Happening what;
  friend bool operator==(const Announce&, const Announce&) = default;
};

// The request in this step is not carried out.
struct Refuse {
  std::string reason{};
  friend bool operator==(const Refuse&, const Refuse&) = default;
};

using Action = std::variant<Spawn, SendSignal, Announce, Refuse>;
using Actions = std::vector<Action>;

}  // namespace vj::supervision
