#include "console/audio_state.hpp"

#include <algorithm>

namespace vj::console {

std::vector<AudioInputRow> input_choices(const AudioState& audio) {
  std::vector<AudioInputRow> choices{{.id = "auto", .name = "auto (what plays here)"}};
  choices.insert(choices.end(), audio.inputs.begin(), audio.inputs.end());
  // A file, or a device that is not there now.
  if (audio.stats && !audio.stats->wanted.empty()) {
    const auto& wanted = audio.stats->wanted;
    const bool is_listed =
        std::ranges::any_of(choices, [&](const AudioInputRow& row) { return row.id == wanted || row.name == wanted; });
    if (!is_listed) choices.push_back({.id = wanted, .name = wanted});
  }
  return choices;
}

int wanted_choice(const AudioState& audio) {
  if (!audio.stats) return -1;
  const auto choices = input_choices(audio);
  const auto found = std::ranges::find_if(choices, [&](const AudioInputRow& row) {
    return row.id == audio.stats->wanted || row.name == audio.stats->wanted;
  });
  return found == choices.end() ? -1 : static_cast<int>(found - choices.begin());
}

const wire::AudioStats* current_stats(const AudioState& audio, Time now) {
  return audio.stats && now - audio.stats_at < kAudioStatsStaleAfter ? &*audio.stats : nullptr;
}

std::optional<HeardTempo> heard_tempo(const AudioState& audio, Time now) {
  const auto* stats = current_stats(audio, now);
  if (stats == nullptr || stats->device.empty()) return std::nullopt;
  double bpm = stats->bpm, confidence = stats->bpm_confidence;
  bool silent = stats->silent;
  if (audio.followed && audio.heard && !is_stale(audio, now)) {
    const auto& features = audio.heard->features;
    bpm = static_cast<double>(features.beat.bpm);
    confidence = static_cast<double>(features.beat.confidence);
    silent = features.silent;
  }
  if (bpm <= 0 || silent) return std::nullopt;
  return HeardTempo{.bpm = bpm, .synced = confidence >= kSynced};
}

}  // namespace vj::console
