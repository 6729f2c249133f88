// The whole configuration as values, with the defaults that make an empty file work. A Config that came out of load.hpp
// obeys every rule; one that is put together by hand is not checked. Holds no secret, only where secrets are found.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace vj::config {

struct Console {
  bool auto_start_workers = true;
  bool auto_heal_workers = true;
  int fps = 30;
  bool mouse = true;
  bool ascii = false;
  Duration check_interval = 10s;  // between two looks at the process manager
  Duration restart_delay = 2s;
  int max_restarts = 3;  // of the process manager
  bool confirm_quit = false;

  friend bool operator==(const Console&, const Console&) = default;
};

// How a process is watched and started again: [process_manager] for all, each key also in a [[worker]] for that one.
struct Supervision {
  Duration check_interval = 5s;
  Duration heartbeat_timeout = 15s;
  Duration base_backoff = 5s;
  Duration max_backoff = 300s;
  int max_restarts = 10;
  Duration reset_after = 600s;
  Duration stop_timeout = 5s;

  friend bool operator==(const Supervision&, const Supervision&) = default;
};

struct Ports {
  std::uint16_t command = 0;
  std::uint16_t telemetry = 0;

  friend bool operator==(const Ports&, const Ports&) = default;
};

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// When a log file is set aside, and how many of those are kept.
struct LogLimits {
  int max_size_mb = 10;
  int max_files = 5;

  friend bool operator==(const LogLimits&, const LogLimits&) = default;
};

enum class HealthCheckType { kHttp, kExec, kTelemetry };

struct HealthCheck {
  HealthCheckType type = HealthCheckType::kHttp;
  std::string url;                   // of kHttp
  std::vector<std::string> command;  // of kExec
  std::string topic;                 // of kTelemetry: must be fresher than max_age
  Duration max_age = 15s;
  Duration interval = 10s;
  Duration timeout = 2s;
  int failures = 3;  // in a row, before the worker counts as sick

  friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};

enum class WorkerKind { kWorker, kApp };  // an app is any program: no bus, no heartbeat

struct Worker {
  std::string name;
  std::vector<std::string> command;  // program and arguments, no shell
  bool enabled = true;               // started by start_all and by the console
  WorkerKind kind = WorkerKind::kWorker;
  std::optional<Ports> ports;  // of every worker, of no app
  Supervision supervision;
  LogLimits log;
  std::map<std::string, std::string> env;
  std::string cwd;  // empty: the process manager's
  std::vector<HealthCheck> health;
  std::string match;  // apps: the process name by which a copy that was started elsewhere is found
  bool restart = true;
  bool stop_on_quit = false;

  friend bool operator==(const Worker&, const Worker&) = default;
};

struct Bus {
  std::uint16_t base_command_port = 5000;  // the process manager's; each worker has the next one
  std::uint16_t base_telemetry_port = 5100;
  std::string bind = "127.0.0.1";

  friend bool operator==(const Bus&, const Bus&) = default;
};

struct OscTarget {
  std::string name;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::vector<std::string> filter{"/audio", "/karaoke", "/vj"};  // address prefixes
  bool enabled = true;
  bool bundles = false;
  bool ascii = false;

  friend bool operator==(const OscTarget&, const OscTarget&) = default;
};

struct OscRelay {
  std::uint16_t from = 0;
  Endpoint to;

  friend bool operator==(const OscRelay&, const OscRelay&) = default;
};

struct Osc {
  std::uint16_t tap = 9100;
  std::vector<std::uint16_t> listen;
  std::vector<OscRelay> relay;
  std::vector<OscTarget> targets{{.name = "visuals", .port = 9000}};

  friend bool operator==(const Osc&, const Osc&) = default;
};

struct Playback {
  std::string pin;  // "spotify", "virtualdj", or empty: the better source wins
  Duration hysteresis = 2s;

  friend bool operator==(const Playback&, const Playback&) = default;
};

enum class SpotifySource { kAuto, kMpris, kApplescript, kWeb };

struct Spotify {
  SpotifySource source = SpotifySource::kAuto;
  std::vector<std::string> players{"spotify"};
  std::string client_id;
  std::uint16_t redirect_port = 8888;
  std::string api_url = "https://api.spotify.com/v1";
  std::string accounts_url = "https://accounts.spotify.com";

  friend bool operator==(const Spotify&, const Spotify&) = default;
};

// Where a secret is found: the file where one is named, else the variable. See secrets.hpp.
struct SecretSource {
  std::string env;
  std::string file;

  friend bool operator==(const SecretSource&, const SecretSource&) = default;
};

struct VirtualDj {
  std::vector<std::string> paths;
  std::string network_url;
  SecretSource network_token{.env = "VIRTUALDJ_TOKEN", .file = ""};
  std::optional<Endpoint> osc_send;
  std::uint16_t osc_listen = 0;  // 0: not listened
  bool history_drives_lyrics = true;

  friend bool operator==(const VirtualDj&, const VirtualDj&) = default;
};

enum class LlmProvider { kAuto, kOpenAi, kOllama, kNone };

struct Llm {
  LlmProvider provider = LlmProvider::kAuto;
  std::string base_url;
  std::string model;
  SecretSource api_key{.env = "OPENAI_API_KEY", .file = ""};

  friend bool operator==(const Llm&, const Llm&) = default;
};

struct Lyrics {
  std::vector<std::string> folders;
  std::string lrclib_url = "https://lrclib.net/api";
  bool offline = false;
  std::chrono::milliseconds timing_offset{0};  // positive: lines come earlier
  Llm llm;

  friend bool operator==(const Lyrics&, const Lyrics&) = default;
};

struct Audio {
  std::string device = "auto";
  int sample_rate = 44100;
  std::vector<std::string> features{"essentia", "pitch", "beat", "structure", "spectrum", "logging"};

  friend bool operator==(const Audio&, const Audio&) = default;
};

struct Log {
  std::string level = "info";  // debug, info, warning or error
  LogLimits limits;

  friend bool operator==(const Log&, const Log&) = default;
};

struct Config {
  Console console;
  Supervision process_manager;
  std::vector<Worker> workers;  // built-in ones first, then the added ones, apps last
  Bus bus;
  Osc osc;
  Playback playback;
  Spotify spotify;
  VirtualDj virtualdj;
  Lyrics lyrics;
  Audio audio;
  Log log;

  friend bool operator==(const Config&, const Config&) = default;
};

[[nodiscard]] const Worker* find_worker(const Config& config, std::string_view name);  // null where there is none

// What an empty file means.
[[nodiscard]] Config default_config();

// What a stop of everything may take, from SIGTERM to SIGKILL: each worker may have its own time.
[[nodiscard]] Duration longest_stop(const Config& config);

// The ports of the process manager itself, which stands in no list.
[[nodiscard]] Ports process_manager_ports(const Bus& bus);

}  // namespace vj::config
