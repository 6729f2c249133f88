// The names on the bus: services, commands, topics. Fixed, because people's scripts use them.
#pragma once

#include <string_view>

namespace vj::wire {

namespace service {
inline constexpr std::string_view kProcessManager = "process_manager";
inline constexpr std::string_view kSpotifyMonitor = "spotify_monitor";
inline constexpr std::string_view kVirtualDjMonitor = "virtualdj_monitor";
inline constexpr std::string_view kLyricsFetcher = "lyrics_fetcher";
inline constexpr std::string_view kOscDebugger = "osc_debugger";
inline constexpr std::string_view kLogAggregator = "log_aggregator";
inline constexpr std::string_view kAudioAnalyzer = "audio_analyzer";
inline constexpr std::string_view kExampleWorker = "example_worker";
}  // namespace service

namespace command {
inline constexpr std::string_view kHealthCheck = "health_check";
inline constexpr std::string_view kGetState = "get_state";
inline constexpr std::string_view kSetConfig = "set_config";
inline constexpr std::string_view kRestart = "restart";
inline constexpr std::string_view kShutdown = "shutdown";
// process_manager
inline constexpr std::string_view kStartWorker = "start_worker";
inline constexpr std::string_view kStopWorker = "stop_worker";
inline constexpr std::string_view kRestartWorker = "restart_worker";
inline constexpr std::string_view kListWorkers = "list_workers";
inline constexpr std::string_view kStartAll = "start_all";
inline constexpr std::string_view kStopAll = "stop_all";
inline constexpr std::string_view kResetWorker = "reset_worker";
inline constexpr std::string_view kReload = "reload";
inline constexpr std::string_view kHandover = "handover";
inline constexpr std::string_view kYield = "yield";
inline constexpr std::string_view kShutdownAll = "shutdown_all";
// the monitors
inline constexpr std::string_view kGetPlayback = "get_playback";
// audio_analyzer
inline constexpr std::string_view kListDevices = "list_devices";
inline constexpr std::string_view kSetDevice = "set_device";
inline constexpr std::string_view kSetFeatures = "set_features";
inline constexpr std::string_view kRunBenchmark = "run_benchmark";
inline constexpr std::string_view kTap = "tap";
inline constexpr std::string_view kScaleTempo = "scale_tempo";
inline constexpr std::string_view kGetFeatures = "get_features";
// log_aggregator
inline constexpr std::string_view kGetLogs = "get_logs";
// osc_debugger
inline constexpr std::string_view kGetMessages = "get_messages";
inline constexpr std::string_view kGetAddresses = "get_addresses";
inline constexpr std::string_view kClear = "clear";
}  // namespace command

namespace topic {
inline constexpr std::string_view kSpotifyState = "spotify.state";
inline constexpr std::string_view kVirtualDjState = "virtualdj.state";
inline constexpr std::string_view kPlaybackActive = "playback.active";
inline constexpr std::string_view kLyricsFetched = "lyrics.fetched";
inline constexpr std::string_view kSongCategorized = "song.categorized";
inline constexpr std::string_view kAudioFeatures = "audio.features";
inline constexpr std::string_view kOscMessages = "osc.messages";
inline constexpr std::string_view kOscStats = "osc.stats";
inline constexpr std::string_view kAudioStats = "audio.stats";
inline constexpr std::string_view kAudioBenchmark = "audio.benchmark";
inline constexpr std::string_view kLogsRecord = "logs.record";
inline constexpr std::string_view kLogsAggregated = "logs.aggregated";
inline constexpr std::string_view kEventsLifecycle = "events.lifecycle";
inline constexpr std::string_view kExampleTick = "example.tick";
}  // namespace topic

// What a registry entry's `status` says of its service.
namespace status {
inline constexpr std::string_view kStarting = "starting";
inline constexpr std::string_view kRunning = "running";
inline constexpr std::string_view kDegraded = "degraded";  // metadata.reason says why
inline constexpr std::string_view kStopping = "stopping";
inline constexpr std::string_view kRestarting = "restarting";
}  // namespace status

// Who does the process manager's work, as its registry entry's metadata has it.
namespace role {
inline constexpr std::string_view kKey = "role";
inline constexpr std::string_view kDaemon = "daemon";
inline constexpr std::string_view kFallback = "fallback";  // a console
}  // namespace role

// What a service may add to its registry entry.
namespace metadata {
inline constexpr std::string_view kAddress = "address";         // where its ports are, unless at 127.0.0.1
inline constexpr std::string_view kOscPort = "osc_port";        // it sends OSC; its copies for the tap come from here
inline constexpr std::string_view kOscTargets = "osc_targets";  // osc_target_payload.hpp
inline constexpr std::string_view kOscTap = "osc_tap";          // where the debugger takes copies
}  // namespace metadata

}  // namespace vj::wire
