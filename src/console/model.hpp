// Everything the console knows and shows, as one plain value. Text from outside has passed printable() before it is
// here. Only update() changes it, on one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "console/audio_state.hpp"
#include "console/log_view.hpp"
#include "console/osc_view.hpp"
#include "playback/playback_state.hpp"

namespace vj::console {

enum class Screen { kOverview, kPlayback, kLyrics, kAudio, kOsc, kLogs };
inline constexpr int kScreenCount = 6;

struct Size {
  int columns = 80;
  int rows = 24;

  friend bool operator==(const Size&, const Size&) = default;
};

// The states of supervision, in its words.
enum class WorkerState { kStopped, kStarting, kRunning, kDegraded, kBackingOff, kStopping, kFailed, kUnknown };

struct PortPair {
  int command = 0;
  int telemetry = 0;

  friend bool operator==(const PortPair&, const PortPair&) = default;
};

// A worker or an app, as registry and process manager describe it.
struct WorkerRow {
  std::string name;
  bool is_app = false;
  bool enabled = true;
  WorkerState state = WorkerState::kStopped;
  bool connected = false;  // its heartbeat is fresh
  std::optional<PortPair> ports;
  std::optional<int> pid;
  bool adopted = false;  // it ran before its process manager did
  std::optional<Time> started_at;
  std::optional<double> cpu_percent;
  std::optional<std::uint64_t> rss_bytes;
  int attempts = 0;
  int attempt_limit = 10;
  std::optional<Time> restart_at;  // while it backs off
  std::string reason;              // why it is degraded, backing off or failed
  std::string version;             // of its program, where it is not ours
  bool installed = true;           // an app's program has been found, or has run

  friend bool operator==(const WorkerRow&, const WorkerRow&) = default;
};

enum class ManagerState { kLooking, kStarting, kRunning, kStopping, kBackingOff, kFailed, kAbsent };

struct ProcessManager {
  ManagerState state = ManagerState::kLooking;
  std::optional<int> pid;
  std::optional<Time> started_at;
  std::optional<Time> restart_at;
  std::string reason;

  friend bool operator==(const ProcessManager&, const ProcessManager&) = default;
};

// The last word of one source of playback, and when it came.
struct SourceReport {
  playback::PlaybackState state;
  Time received_at;
  bool lost = false;  // its monitor has gone since, and nothing of it is current

  friend bool operator==(const SourceReport&, const SourceReport&) = default;
};

struct LyricsMetric {
  bool available = false;
  int lines = 0;

  friend bool operator==(const LyricsMetric&, const LyricsMetric&) = default;
};

// What the workers say about the show in one word each; absent until they have said it.
struct Metrics {
  std::optional<LyricsMetric> lyrics;
  std::optional<std::string> mood;

  friend bool operator==(const Metrics&, const Metrics&) = default;
};

// What of the OSC debugger's news the screen needs: everything it hears is only asked for while somebody looks at it.
enum class OscInterest { kStatistics, kMessages, kAddresses };

// The outcome of the last action. A failure stays until it is closed or another action follows.
struct Notice {
  std::string text;
  bool is_failure = false;
  std::optional<Time> until;

  friend bool operator==(const Notice&, const Notice&) = default;
};

// What a person asked of a worker and has not been answered yet.
enum class Asked { kStart, kStop, kRestart };

enum class Quitting { kNo, kMustConfirm, kStopping };

// Chosen before the first frame, by options, configuration and environment.
struct Setup {
  bool ascii = false;
  bool confirm_quit = false;
  std::string home = "~/.vj";
  Duration utc_offset{};  // local time minus UTC

  friend bool operator==(const Setup&, const Setup&) = default;
};

struct Model {
  Setup setup;
  Size size;
  Time now;
  WallTime wall_now;

  Screen screen = Screen::kOverview;
  bool help_open = false;
  int help_scroll = 0;
  bool details_open = false;
  int details_scroll = 0;  // of an OSC message
  bool mouse = true;
  std::optional<std::string> filter_prompt;  // what has been typed, while the prompt is open
  Notice notice;
  Quitting quitting = Quitting::kNo;

  ProcessManager manager;
  bool fallback = false;           // this console runs the workers itself
  std::vector<WorkerRow> workers;  // the apps behind the workers
  int selected = 0;
  std::map<std::string, Asked> asked;

  std::map<std::string, SourceReport> sources;  // by source: "spotify", "virtualdj"
  std::string active_source;                    // the key of the one that drives the show; empty if none
  bool active_is_told = false;                  // by the worker that decides it, instead of worked out here
  Metrics metrics;
  AudioState audio;
  LogView logs;
  OscView osc;
  std::optional<OscStats> osc_stats;
  OscInterest osc_interest = OscInterest::kStatistics;  // what the bus was asked for
};

}  // namespace vj::console
