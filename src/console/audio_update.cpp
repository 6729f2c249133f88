#include "console/audio_update.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "console/commands.hpp"
#include "console/status.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using wire::AudioToggle;

constexpr Duration kBenchmarkTime = 10s;

// What other screens than Audio show of the statistics.
struct ShownElsewhere {
  std::optional<HeardTempo> tempo;  // to a tenth
  std::string device, reason;
  bool silent = false;

  friend bool operator==(const ShownElsewhere&, const ShownElsewhere&) = default;
};

ShownElsewhere shown_elsewhere(const AudioState& audio, Time now) {
  const auto* stats = current_stats(audio, now);
  if (stats == nullptr) return {};
  auto tempo = heard_tempo(audio, now);
  if (tempo) tempo->bpm = std::round(tempo->bpm * 10) / 10;
  return {.tempo = tempo,
          .device = stats->device,
          .reason = stats->reason,
          .silent = stats->silent};
}

void clean(std::string& text) { text = printable(text); }

void clean(wire::AudioReport& report) {
  clean(report.verdict);
  clean(report.cause);
  for (auto& stage : report.stages) clean(stage.stage);
}

void take_stats(Model& model, wire::AudioStats stats) {
  for (auto* text : {&stats.device, &stats.reason}) clean(*text);
  clean(stats.report);
  AudioState& audio = model.audio;
  const bool is_first = !audio.stats;
  audio.stats = std::move(stats);
  audio.stats_at = model.now;
  std::erase_if(audio.pending, [&](const auto& asked) {
    return audio.stats->on[static_cast<std::size_t>(asked.first)] == asked.second;
  });
  // Statistics that were on their way when the benchmark was asked for do not know of it.
  const bool is_over = audio.benchmark_until && *audio.benchmark_until <= model.now;
  if (is_over && !audio.stats->benchmarking) audio.benchmark_until.reset();
  if (is_first) audio.selected = std::max(0, wanted_choice(audio));
}

void take_heard(Model& model, HeardAudio heard) {
  AudioState& audio = model.audio;
  clean(heard.key);
  // A drop lasts one message; the count tells also of one that was missed.
  const auto drops = heard.features.structure.drops;
  const bool dropped = audio.heard && drops > audio.heard->features.structure.drops;
  if (dropped) audio.drop_until = model.now + kDropHeld;
  audio.heard = std::move(heard);
  audio.heard_at = model.now;
}

std::string_view words_of(AudioToggle toggle) {
  switch (toggle) {
    case AudioToggle::kEssentia:
      return "Essentia DSP";
    case AudioToggle::kPitch:
      return "Pitch";
    case AudioToggle::kBeat:
      return "Beat/BPM";
    case AudioToggle::kStructure:
      return "Structure";
    case AudioToggle::kSpectrum:
      return "Spectrum OSC";
    case AudioToggle::kLogging:
      return "Analyzer logging";
  }
  return {};
}

void take_answer(Model& model, const AudioAnswer& answer) {
  AudioState& audio = model.audio;
  const auto tell = [&](std::string done, std::string_view what) {
    model.notice = answer.failure.empty() ? good_news(model, std::move(done))
                                          : bad_news(format("✗ {}: {}", what, printable(answer.failure)));
  };
  std::visit(Overloaded{[&](const SetAudioToggle& wish) {
                          if (!answer.failure.empty()) audio.pending.erase(wish.toggle);
                          tell(format("✓ {} {}", words_of(wish.toggle), wish.on ? "ON" : "off"), words_of(wish.toggle));
                        },
                        [&](const SetAudioDevice& wish) {
                          tell(format("✓ audio input: {}", printable(wish.name)), "the audio input was not changed");
                        },
                        [&](const RunAudioBenchmark&) {
                          if (!answer.failure.empty()) audio.benchmark_until.reset();
                          tell("✓ benchmark: ten seconds on the live input", "no benchmark");
                        },
                        [&](const TapTempo&) { tell("✓ tap", "the tap was not heard"); },
                        [&](const ScaleTempo& wish) {
                          tell(wish.factor > 1 ? "✓ tempo doubled" : "✓ tempo halved", "the tempo was not changed");
                        },
                        // The list stays as it was; the panel says what the analyzer lacks.
                        [&](const ListAudioDevices&) {}, [&](const FollowAudio&) {}},
             answer.wish);
}

bool is_connected(const Model& model) {
  const WorkerRow* worker = find_worker(model, "audio_analyzer");
  return worker != nullptr && worker->connected;
}

Effects set_toggle(Model& model, AudioToggle toggle) {
  AudioState& audio = model.audio;
  if (!audio.stats) return {};
  const auto pending = audio.pending.find(toggle);
  const bool is_on =
      pending != audio.pending.end() ? pending->second : audio.stats->on[static_cast<std::size_t>(toggle)];
  audio.pending[toggle] = !is_on;
  return {AudioWish{SetAudioToggle{.toggle = toggle, .on = !is_on}}};
}

Effects run_benchmark(Model& model) {
  if (model.audio.benchmark_until) return {};
  model.audio.benchmark_until = model.now + kBenchmarkTime;
  return {AudioWish{RunAudioBenchmark{}}};
}

Effects take_input(Model& model) {
  const auto choices = input_choices(model.audio);
  const auto index = static_cast<std::size_t>(model.audio.selected);
  if (index >= choices.size()) return {};
  return {AudioWish{SetAudioDevice{.id = choices[index].id, .name = choices[index].name}}};
}

std::optional<Effects> toggled(Model& model, Command command) {
  switch (command) {
    case Command::kEssentia:
      return set_toggle(model, AudioToggle::kEssentia);
    case Command::kPitch:
      return set_toggle(model, AudioToggle::kPitch);
    case Command::kBeat:
      return set_toggle(model, AudioToggle::kBeat);
    case Command::kStructure:
      return set_toggle(model, AudioToggle::kStructure);
    case Command::kSpectrum:
      return set_toggle(model, AudioToggle::kSpectrum);
    case Command::kAnalyzerLogging:
      return set_toggle(model, AudioToggle::kLogging);
    default:
      return std::nullopt;
  }
}

}  // namespace

bool hear(Model& model, AudioNews news) {
  const bool is_shown = model.screen == Screen::kAudio;
  const auto before = shown_elsewhere(model.audio, model.now);
  const bool asks_redraw = is_shown || !news.answers.empty();
  if (news.heard) take_heard(model, std::move(*news.heard));
  if (news.stats) take_stats(model, std::move(*news.stats));
  if (news.benchmark) {
    clean(*news.benchmark);
    model.audio.benchmark = std::move(*news.benchmark);
    model.audio.benchmark_until.reset();
  }
  if (news.inputs) {
    const bool follows = model.audio.selected == std::max(0, wanted_choice(model.audio));
    for (auto& input : *news.inputs) clean(input.name);
    model.audio.inputs = std::move(*news.inputs);
    if (follows) model.audio.selected = std::max(0, wanted_choice(model.audio));
  }
  for (const auto& answer : news.answers) take_answer(model, answer);
  select_input(model, 0);
  return asks_redraw || !(before == shown_elsewhere(model.audio, model.now));
}

Effects carry_out_audio(Model& model, Command command) {
  if (!is_connected(model)) {
    model.notice = bad_news("audio_analyzer does not run (a starts it)");
    return {};
  }
  if (auto effects = toggled(model, command)) return std::move(*effects);
  switch (command) {
    case Command::kBenchmark:
      return run_benchmark(model);
    case Command::kTap:
      return {AudioWish{TapTempo{}}};
    case Command::kHalveTempo:
      return {AudioWish{ScaleTempo{.factor = 0.5}}};
    case Command::kDoubleTempo:
      return {AudioWish{ScaleTempo{.factor = 2}}};
    case Command::kTakeInput:
      return take_input(model);
    default:
      return {};
  }
}

void select_input(Model& model, int step) {
  const int last = static_cast<int>(input_choices(model.audio).size()) - 1;
  model.audio.selected = std::clamp(model.audio.selected + step, 0, std::max(0, last));
}

void follow_audio(Model& model, Effects& effects) {
  AudioState& audio = model.audio;
  const bool wanted = model.screen == Screen::kAudio;
  if (std::exchange(audio.followed, wanted) != wanted) {
    effects.emplace_back(AudioWish{FollowAudio{.on = wanted}});
    audio.listed_at.reset();
  }
  if (!wanted || !audio.stats || !is_connected(model)) return;
  // When the input changes, others have come or gone.
  std::string situation = audio.stats->device_id + '\n' + audio.stats->reason;
  if (audio.listed_at == situation) return;
  audio.listed_at = std::move(situation);
  effects.emplace_back(AudioWish{ListAudioDevices{}});
}

std::optional<Time> next_audio_change(const Model& model) {
  const AudioState& audio = model.audio;
  std::optional<Time> next;
  const auto take = [&](Time time) {
    if (time > model.now) next = next ? std::min(*next, time) : time;
  };
  if (audio.stats) take(audio.stats_at + kAudioStatsStaleAfter);
  if (model.screen != Screen::kAudio) return next;
  if (audio.heard) take(is_stale(audio, model.now) ? next_second(model.now) : audio.heard_at + kHeardStaleAfter);
  if (audio.drop_until) take(*audio.drop_until);
  if (audio.benchmark_until) take(next_countdown(*audio.benchmark_until, model.now).value_or(*audio.benchmark_until));
  return next;
}

}  // namespace vj::console
