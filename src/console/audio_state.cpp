#include "console/audio_state.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "console/text_layout.hpp"

namespace vj::console {
namespace {

bool is_called(const AudioInputRow& row, std::string_view wanted) {
  return row.id == wanted || equal_ignoring_case(row.name, wanted);
}

// Of a file the end of its path says most.
std::string name_of_unlisted(const std::string& wanted) {
  constexpr std::string_view kFile = "file:";
  if (!wanted.starts_with(kFile)) return wanted;
  return format("file: {}", std::string_view(wanted).substr(std::max(kFile.size(), wanted.rfind('/') + 1)));
}

// Ids of equal devices differ at their ends.
std::string last_cells(std::string_view text, int width) {
  if (cells(text) <= width) return std::string(text);
  while (!text.empty() && cells(text) > width - 1) text.remove_prefix(first_glyph(text).bytes);
  return "…" + std::string(text);
}

}  // namespace

std::vector<AudioInputRow> input_choices(const AudioState& audio) {
  std::vector<AudioInputRow> choices{{.id = "auto", .name = "auto (what plays here)"}};
  choices.insert(choices.end(), audio.inputs.begin(), audio.inputs.end());
  // A file, or a device that is not there now.
  if (audio.stats && !audio.stats->wanted.empty()) {
    const auto& wanted = audio.stats->wanted;
    const bool is_listed =
        std::ranges::any_of(choices, [&](const AudioInputRow& row) { return is_called(row, wanted); });
    if (!is_listed) choices.push_back({.id = wanted, .name = name_of_unlisted(wanted)});
  }
  return choices;
}

std::string input_label(const std::vector<AudioInputRow>& choices, std::size_t index, int width) {
  const std::string name = printable(choices[index].name), id = printable(choices[index].id);
  const bool is_only_one = std::ranges::count(choices, choices[index].name, &AudioInputRow::name) == 1;
  if (is_only_one || id == name) return cut(name, width);
  constexpr int kAround = 3, kLeastName = 8;  // " ()"
  const std::string end = last_cells(id, std::max(width / 2, width - kAround - cells(name)));
  const int name_room = width - kAround - cells(end);
  if (name_room < kLeastName) return last_cells(id, width);
  return format("{} ({})", cut(name, name_room), end);
}

int wanted_choice(const AudioState& audio) {
  if (!audio.stats) return -1;
  const auto choices = input_choices(audio);
  const std::string& wanted = audio.stats->wanted;
  auto found = std::ranges::find(choices, wanted, &AudioInputRow::id);
  if (found == choices.end()) {
    found = std::ranges::find_if(choices, [&](const AudioInputRow& row) { return is_called(row, wanted); });
  }
  return found == choices.end() ? -1 : static_cast<int>(found - choices.begin());
}

const wire::AudioStats* current_stats(const AudioState& audio, Time now) {
  const bool is_current = audio.stats && !audio.lost && now - audio.stats_at < kAudioStatsStaleAfter;
  return is_current ? &*audio.stats : nullptr;
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
