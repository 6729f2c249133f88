// What the console knows of the sound: what the analyzer heard last, how it does, the inputs to choose from, and what a
// person has asked of it. Values only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audio/features.hpp"
#include "base/time.hpp"
#include "wire/audio_stats_payload.hpp"

namespace vj::console {

struct AudioInputRow {
  std::string id;  // for set_device
  std::string name;
  bool is_monitor = false;  // hears what an output plays

  friend bool operator==(const AudioInputRow&, const AudioInputRow&) = default;
};

// What can be asked of the analyzer.
struct SetAudioToggle {
  wire::AudioToggle toggle = wire::AudioToggle::kBeat;
  bool on = true;
  friend bool operator==(const SetAudioToggle&, const SetAudioToggle&) = default;
};
struct SetAudioDevice {
  std::string id;
  std::string name;  // for the answer's words
  friend bool operator==(const SetAudioDevice&, const SetAudioDevice&) = default;
};
struct RunAudioBenchmark {
  friend bool operator==(const RunAudioBenchmark&, const RunAudioBenchmark&) = default;
};
struct TapTempo {
  friend bool operator==(const TapTempo&, const TapTempo&) = default;
};
struct ScaleTempo {
  double factor = 2;
  friend bool operator==(const ScaleTempo&, const ScaleTempo&) = default;
};
struct ListAudioDevices {
  friend bool operator==(const ListAudioDevices&, const ListAudioDevices&) = default;
};
// Not asked of the analyzer but of the console's own ear: the features, thirty times a second, or only the statistics.
struct FollowAudio {
  bool on = true;
  friend bool operator==(const FollowAudio&, const FollowAudio&) = default;
};
using AudioWish = std::variant<SetAudioToggle, SetAudioDevice, RunAudioBenchmark, TapTempo, ScaleTempo,
                               ListAudioDevices, FollowAudio>;

struct AudioAnswer {
  AudioWish wish;
  std::string failure;  // empty: done
};

struct HeardAudio {
  audio::Features features;  // its `key` is empty: see below
  std::string key;           // "A minor"; empty: not known
};

// What has come from the analyzer since the last time; of each the newest.
struct AudioNews {
  std::optional<HeardAudio> heard;
  std::optional<wire::AudioStats> stats;
  std::optional<wire::AudioReport> benchmark;
  std::optional<std::vector<AudioInputRow>> inputs;
  std::vector<AudioAnswer> answers;
};

// Features come each 33 ms, statistics each second: what is older than this is not current.
inline constexpr Duration kHeardStaleAfter = 500ms;
inline constexpr Duration kAudioStatsStaleAfter = 5s;
inline constexpr Duration kDropHeld = 1s;
// How often the inputs are listed while they are shown: nobody tells of one that is plugged in.
inline constexpr Duration kListInputsEvery = 3s;

struct AudioState {
  bool followed = false;  // the features have been asked for
  bool lost = false;      // the analyzer has gone since it said what follows, and nothing of it is current
  std::optional<HeardAudio> heard;
  Time heard_at;
  std::optional<Time> drop_until;  // a drop is shown until then
  std::optional<wire::AudioStats> stats;
  Time stats_at;
  std::optional<wire::AudioReport> benchmark;
  std::optional<Time> benchmark_until;   // while one runs that was asked for here
  std::vector<AudioInputRow> inputs;     // as listed last
  std::optional<std::string> listed_at;  // what the input was when the list was asked for
  Time listed_when;                      // and when that was
  bool is_listing = false;               // it has not been answered yet
  int selected = 0;                      // of input_choices()
  std::optional<SetAudioDevice> chosen;  // taken by the analyzer, which has not said what came of it
  Time chosen_when;
  std::map<wire::AudioToggle, bool> pending;  // asked for, not confirmed yet
};

// What can be chosen: "auto", every input that is listed, and a file that was set.
[[nodiscard]] std::vector<AudioInputRow> input_choices(const AudioState& audio);

// What a choice is called in at most `width` cells: its name, with its id where another has the same name.
[[nodiscard]] std::string input_label(const std::vector<AudioInputRow>& choices, std::size_t index, int width);

// The one that is wanted now, as an index of input_choices(); -1 if it is not among them.
[[nodiscard]] int wanted_choice(const AudioState& audio);

// The statistics, where they are current.
[[nodiscard]] const wire::AudioStats* current_stats(const AudioState& audio, Time now);

// From this confidence on a beat is synced; below it is searched for.
inline constexpr double kSynced = 0.8;

struct HeardTempo {
  double bpm = 0;
  bool synced = false;

  friend bool operator==(const HeardTempo&, const HeardTempo&) = default;
};

// The tempo for the title bar and the metrics; nothing while none is followed. What the Audio screen shows beside it is
// the same: the features while they are followed, else the statistics.
[[nodiscard]] std::optional<HeardTempo> heard_tempo(const AudioState& audio, Time now);

[[nodiscard]] inline bool is_stale(const AudioState& audio, Time now) {
  return audio.lost || now - audio.heard_at >= kHeardStaleAfter;
}

}  // namespace vj::console
