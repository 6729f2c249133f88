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

std::optional<double> heard_bpm(const AudioState& audio, Time now) {
  const auto* stats = current_stats(audio, now);
  if (stats == nullptr || stats->bpm <= 0 || stats->silent) return std::nullopt;
  return stats->bpm;
}

}  // namespace vj::console
