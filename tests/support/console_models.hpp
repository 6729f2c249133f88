// The models that the console's tests draw: the show of the guide, and what can be wrong with it.
#pragma once

#include <string>
#include <utility>

#include "base/format.hpp"
#include "console/model.hpp"

namespace vj::testing {

using namespace std::chrono_literals;

inline constexpr Time kNow{100h};
inline const WallTime kWallNow{std::chrono::sys_days{std::chrono::year{2025} / 12 / 4} + 21h + 15min + 40s};

inline console::Model empty_model(console::Size size) {
  console::Model model;
  model.size = size;
  model.now = kNow;
  model.wall_now = kWallNow;
  return model;
}

inline console::WorkerRow running_worker(std::string name, int number) {
  console::WorkerRow row;
  row.name = std::move(name);
  row.state = console::WorkerState::kRunning;
  row.connected = true;
  row.ports = console::PortPair{5000 + number, 5100 + number};
  row.pid = 12344 + number;
  row.started_at = kNow - (1h + 2min + 11s);
  row.cpu_percent = 0.1;
  row.rss_bytes = 9'000'000;
  return row;
}

inline console::WorkerRow app(std::string name) {
  console::WorkerRow row;
  row.name = std::move(name);
  row.is_app = true;
  return row;
}

inline playback::PlaybackState example_song() {
  playback::PlaybackState state;
  state.source = "spotify";
  state.player = "MPRIS";
  state.is_playing = true;
  state.track = playback::Track{"Example Artist", "Example Song", "Example Album", 3min + 45s};
  state.position = 2min + 15s;
  state.position_at = kNow;
  state.position_confidence = 1.0;
  return state;
}

inline void log(console::Model& model, LogLevel level, std::string source, std::string text) {
  model.logs.add({.level = level, .source = std::move(source), .text = std::move(text)});
}

// The guide's Audio drawing, as the analyzer would say it.
inline console::HeardAudio guide_sound() {
  console::HeardAudio heard;
  auto& f = heard.features;
  f.silent = false;
  f.levels.bands = {0.7F, 0.78F, 0.449F, 0.449F, 0.449F, 0.32F, 0.32F};
  f.levels.overall = 0.82F;
  f.levels.rms = 0.2F;
  f.beat.bpm = 128;
  f.beat.confidence = 0.95F;
  f.beat.place = 3;
  f.beat.beat_phase = 0.5F;
  f.pitch = {.hertz = 440.2F, .confidence = 0.88F};
  f.structure.build_up = true;
  f.structure.energy_trend = 0.15F;
  f.structure.tension = 0.61F;
  f.structure.brightness = 0.62F;
  for (std::size_t i = 0; i < f.spectrum.size(); ++i) {
    f.spectrum[i] = i < 3 ? 0.3F + 0.3F * static_cast<float>(i) : 0.9F - 0.028F * static_cast<float>(i - 3);
  }
  f.descriptors.key_strength = 0.71F;
  heard.key = "A minor";
  return heard;
}

inline wire::AudioReport guide_report() {
  return {.seconds = 10,
          .frames = 1723,
          .fps = 172.3,
          .overruns = 0,
          .latency = {.min = 0.9, .median = 5.1, .p95 = 8.2, .p99 = 9.8, .max = 12.4},
          .stages = {{"fft", 5, 9},
                     {"bands", 1, 2},
                     {"onset", 1, 2},
                     {"beat", 25, 60},
                     {"pitch", 24, 40},
                     {"structure", 3, 5},
                     {"descriptors", 5, 9},
                     {"osc", 9, 20},
                     {"total", 45, 120}},
          .verdict = "excellent",
          .cause = {}};
}

inline void add_guide_audio(console::Model& model) {
  model.audio.heard = guide_sound();
  model.audio.heard_at = kNow;
  wire::AudioStats stats{.device = "Monitor of Built-in Audio",
                         .device_id = "built-in.monitor",
                         .wanted = "auto",
                         .reason = {},
                         .sample_rate = 44100,
                         .on = {true, true, true, true, true, false},
                         .bpm = 128,
                         .bpm_confidence = 0.95,
                         .silent = false,
                         .benchmarking = false,
                         .report = guide_report()};
  stats.report.verdict = {};
  model.audio.stats = stats;
  model.audio.stats_at = kNow;
  model.audio.inputs = {{"built-in.monitor", "Monitor of Built-in Audio", true},
                        {"built-in", "Built-in Microphone", false}};
}

// What the guide's drawings show.
inline console::Model guide_model(console::Size size) {
  console::Model model = empty_model(size);
  model.manager = {.state = console::ManagerState::kRunning,
                   .pid = 12340,
                   .started_at = kNow - (1h + 2min + 12s),
                   .restart_at = {},
                   .reason = {}};
  int number = 0;
  for (const char* name :
       {"spotify_monitor", "virtualdj_monitor", "lyrics_fetcher", "osc_debugger", "log_aggregator"}) {
    model.workers.push_back(running_worker(name, ++number));
  }
  model.sources["spotify"] = {example_song(), kNow};
  model.active_source = "spotify";
  model.active_is_told = true;
  model.metrics = {.lyrics = console::LyricsMetric{true, 42}, .mood = "energetic"};
  add_guide_audio(model);
  log(model, LogLevel::kInfo, "process_manager", "2025-12-04 21:15:30 - INFO - ✓ Worker spotify_monitor started");
  log(model, LogLevel::kInfo, "process_manager", "2025-12-04 21:15:31 - INFO - ✓ Worker lyrics_fetcher started");
  log(model, LogLevel::kInfo, "vj_console", "2025-12-04 21:15:35 - INFO - Discovered 5 workers");
  return model;
}

// Everything that can be wrong with workers at once, and an app of each kind.
inline console::Model troubled_model(console::Size size) {
  console::Model model = guide_model(size);
  model.workers.push_back(running_worker("audio_analyzer", 6));
  auto& lyrics = model.workers[2];
  lyrics = {.name = "lyrics_fetcher",
            .is_app = false,
            .enabled = true,
            .state = console::WorkerState::kBackingOff,
            .connected = false,
            .ports = {},
            .pid = {},
            .started_at = {},
            .cpu_percent = {},
            .rss_bytes = {},
            .attempts = 2,
            .attempt_limit = 10,
            .restart_at = kNow + 8s,
            .reason = "exit code: -11 (SIGSEGV)",
            .version = {}};
  auto& osc = model.workers[3];
  osc = {.name = "osc_debugger",
         .is_app = false,
         .enabled = true,
         .state = console::WorkerState::kFailed,
         .connected = false,
         .ports = {},
         .pid = {},
         .started_at = {},
         .cpu_percent = {},
         .rss_bytes = {},
         .attempts = 10,
         .attempt_limit = 10,
         .restart_at = {},
         .reason = "port 5004 is taken by pid 999 (nc)",
         .version = {}};
  model.workers[1].state = console::WorkerState::kDegraded;
  model.workers[1].reason = "no VirtualDJ folder found";
  model.workers[4].connected = false;
  model.workers[5].state = console::WorkerState::kStopped;
  model.workers[5].connected = false;
  model.workers[5].pid.reset();
  model.workers[5].started_at.reset();
  model.workers[5].cpu_percent.reset();
  model.workers[5].rss_bytes.reset();
  auto synesthesia = app("synesthesia");
  synesthesia.state = console::WorkerState::kRunning;
  synesthesia.pid = 12401;
  synesthesia.started_at = kNow - (40min + 2s);
  synesthesia.cpu_percent = 38.0;
  synesthesia.rss_bytes = 410'000'000;
  model.workers.push_back(synesthesia);
  model.workers.push_back(app("milksyphon"));
  model.selected = 2;
  playback::PlaybackState virtualdj;
  virtualdj.source = "virtualdj";
  virtualdj.reason = "no VirtualDJ folder found; set virtualdj.paths in config.toml";
  virtualdj.retry_in = 12s;
  model.sources["virtualdj"] = {virtualdj, kNow};
  model.metrics = {};
  model.audio = {};
  return model;
}

}  // namespace vj::testing
