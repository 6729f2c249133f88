// What can happen to the console, and what it can want to be done.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "console/keys.hpp"
#include "console/model.hpp"

namespace vj::console {

struct Resized {
  Size size;
};
struct TimePassed {};
struct ManagerChanged {
  ProcessManager manager;
  bool fallback = false;
};
struct WorkersChanged {
  std::vector<WorkerRow> workers;
};
struct SourceReported {
  playback::PlaybackState state;
};
struct ActiveSourceChanged {
  std::string source;
};
struct MetricsChanged {
  Metrics metrics;
};
struct Logged {
  std::vector<LogLine> lines;
};

// Oldest first; `missed` more came and went.
struct OscHeard {
  std::vector<OscRow> rows;
  std::uint64_t missed = 0;
};
struct OscAddressesTold {
  std::vector<OscLatest> addresses;
};
struct OscStatsChanged {
  OscStats stats;
};

// The answer to Ask; `failure` is empty when it was done.
struct Answered {
  std::string worker;
  Asked asked;
  std::string failure;
};

// The answer to StopEverything.
struct EverythingStopped {
  std::string failure{};
  bool manager_stays = false;  // a service manager runs it
};

// Something that the console itself does has failed; `what` says what and why.
struct Failed {
  std::string what;
};

using Message = std::variant<Key, Mouse, Paste, Resized, TimePassed, ManagerChanged, WorkersChanged, SourceReported,
                             ActiveSourceChanged, MetricsChanged, AudioNews, Logged, OscHeard, OscAddressesTold,
                             OscStatsChanged, Answered, EverythingStopped, Failed>;

// Of the process manager, about one worker or app.
struct Ask {
  std::string worker;
  Asked asked;

  friend bool operator==(const Ask&, const Ask&) = default;
};

struct StopEverything {
  friend bool operator==(const StopEverything&, const StopEverything&) = default;
};

enum class Leaving {
  kStopped,
  kStoppedButManager,  // which stays, for the service manager that runs it
  kForced,
  kDetached,
};

struct Leave {
  Leaving why = Leaving::kStopped;

  friend bool operator==(const Leave&, const Leave&) = default;
};

struct SetMouse {
  bool on = true;

  friend bool operator==(const SetMouse&, const SetMouse&) = default;
};

// Whatever the terminal shows now, draw all of it again.
struct DrawAgain {
  friend bool operator==(const DrawAgain&, const DrawAgain&) = default;
};

struct FollowOsc {
  OscInterest interest = OscInterest::kStatistics;

  friend bool operator==(const FollowOsc&, const FollowOsc&) = default;
};

// The debugger forgets what it heard.
struct ClearOsc {
  friend bool operator==(const ClearOsc&, const ClearOsc&) = default;
};

using Effect = std::variant<Ask, AudioWish, FollowOsc, ClearOsc, StopEverything, Leave, SetMouse, DrawAgain>;
using Effects = std::vector<Effect>;

}  // namespace vj::console
