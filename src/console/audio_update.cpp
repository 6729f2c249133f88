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

// An input that can be opened is open by then, as a rule; and the statistics of each second have said so.
constexpr Duration kOpensWithin = 1500ms;
constexpr Duration kOpensNever = 15s;

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
  return {.tempo = tempo, .device = stats->device, .reason = stats->reason, .silent = stats->silent};
}

void clean(std::string& text) { text = printable(text); }

void clean(wire::AudioReport& report) {
  clean(report.verdict);
  clean(report.cause);
  for (auto& stage : report.stages) clean(stage.stage);
}

// What came of the input that was chosen: the analyzer takes every choice, and then tries to open it.
void tell_of_chosen(Model& model) {
  AudioState& audio = model.audio;
  if (!audio.chosen) return;
  const auto& stats = *audio.stats;
  const SetAudioDevice wish = *audio.chosen;
  const Duration passed = model.now - audio.chosen_when;
  const bool is_wanted = stats.wanted == wish.id;
  const bool is_it = wish.id == "auto" || stats.device_id == wish.id || equal_ignoring_case(stats.device, wish.id);
  if (is_wanted && !stats.device.empty() && is_it) {
    const std::string device = wish.id == "auto" ? format("auto, {}", stats.device) : printable(wish.name);
    model.notice = good_news(model, format("✓ audio input: {}", device));
  } else if (is_wanted && stats.device.empty() && passed >= kOpensWithin) {
    model.notice = bad_news("✗ " + stats.reason);
  } else if ((is_wanted && passed < kOpensNever) || passed < kOpensWithin) {
    return;  // it is still being opened
  }
  audio.chosen.reset();
}

// The last words of one that is known to have gone may come after that.
void note_analyzer(Model& model) {
  const WorkerRow* worker = find_worker(model, "audio_analyzer");
  model.audio.lost = worker != nullptr && !worker->connected;
}

void take_stats(Model& model, wire::AudioStats stats) {
  for (auto* text : {&stats.device, &stats.reason}) clean(*text);
  clean(stats.report);
  AudioState& audio = model.audio;
  const bool is_first = !audio.stats;
  audio.stats = std::move(stats);
  audio.stats_at = model.now;
  note_analyzer(model);
  std::erase_if(audio.pending, [&](const auto& asked) {
    return audio.stats->on[static_cast<std::size_t>(asked.first)] == asked.second;
  });
  // Statistics that were on their way when the benchmark was asked for do not know of it.
  const bool is_over = audio.benchmark_until && *audio.benchmark_until <= model.now;
  if (is_over && !audio.stats->benchmarking) audio.benchmark_until.reset();
  if (is_first) audio.selected = std::max(0, wanted_choice(audio));
  // What another input has said, or this one before it was lost, is not what there is to hear.
  if (audio.stats->device.empty()) audio.heard.reset(), audio.drop_until.reset();
  tell_of_chosen(model);
}

// What is selected stays so wherever it moves in the list; where it has gone, it is what is wanted.
void take_inputs(AudioState& audio, std::vector<AudioInputRow> inputs) {
  const int wanted = std::max(0, wanted_choice(audio));
  const auto before = input_choices(audio);
  const auto selected = static_cast<std::size_t>(audio.selected);
  const std::string id = audio.selected != wanted && selected < before.size() ? before[selected].id : "";
  for (auto& input : inputs) clean(input.name);
  audio.inputs = std::move(inputs);
  const auto choices = input_choices(audio);
  const auto found = std::ranges::find(choices, id, &AudioInputRow::id);
  audio.selected =
      found != choices.end() ? static_cast<int>(found - choices.begin()) : std::max(0, wanted_choice(audio));
}

void take_heard(Model& model, HeardAudio heard) {
  AudioState& audio = model.audio;
  const auto* stats = current_stats(audio, model.now);
  if (stats != nullptr && stats->device.empty()) return;  // the last of an input that is gone
  clean(heard.key);
  // A drop lasts one message; the count tells also of one that was missed.
  const auto drops = heard.features.structure.drops;
  const bool dropped = audio.heard && drops > audio.heard->features.structure.drops;
  if (dropped) audio.drop_until = model.now + kDropHeld;
  audio.heard = std::move(heard);
  audio.heard_at = model.now;
  note_analyzer(model);
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
                          tell(format("audio input: {} …", printable(wish.name)), "the audio input was not changed");
                          if (!answer.failure.empty()) return;
                          audio.chosen = wish;
                          audio.chosen_when = model.now;
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
                        [&](const ListAudioDevices&) { audio.is_listing = false, audio.listed_when = model.now; },
                        [&](const FollowAudio&) {}},
             answer.wish);
}

bool is_connected(const Model& model) { return is_up(model, "audio_analyzer"); }

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
  const auto* stats = current_stats(model.audio, model.now);
  if (stats == nullptr || stats->device.empty()) {
    const std::string why = stats != nullptr && !stats->reason.empty() ? stats->reason : "there is no audio input";
    model.notice = bad_news("✗ no benchmark: " + why);
    return {};
  }
  model.audio.benchmark_until = model.now + kBenchmarkTime;
  return {AudioWish{RunAudioBenchmark{}}};
}

Effects take_input(Model& model) {
  constexpr int kLongestName = 60;  // cells; what is said of it must have room in a line
  const auto choices = input_choices(model.audio);
  const auto index = static_cast<std::size_t>(model.audio.selected);
  if (index >= choices.size()) return {};
  return {AudioWish{SetAudioDevice{.id = choices[index].id, .name = input_label(choices, index, kLongestName)}}};
}

// Why there is no beat to tap along with; empty if there may be one.
std::string why_no_beat(const AudioState& audio, Time now) {
  const auto* stats = current_stats(audio, now);
  if (stats == nullptr) return {};
  if (stats->device.empty()) return "there is no audio input";
  if (!stats->on[static_cast<std::size_t>(AudioToggle::kBeat)]) return "beat is off (o)";
  const bool silent = audio.heard && !is_stale(audio, now) ? audio.heard->features.silent : stats->silent;
  return silent ? "nothing is heard" : "";
}

Effects tap(Model& model) {
  if (const auto why = why_no_beat(model.audio, model.now); !why.empty()) {
    model.notice = bad_news("✗ no tap: " + why);
    return {};
  }
  return {AudioWish{TapTempo{}}};
}

Effects scale_tempo(Model& model, double factor) {
  auto why = why_no_beat(model.audio, model.now);
  if (why.empty() && current_stats(model.audio, model.now) != nullptr && !heard_tempo(model.audio, model.now)) {
    why = "none is followed yet";
  }
  if (!why.empty()) {
    model.notice = bad_news(format("✗ no tempo to {}: {}", factor > 1 ? "double" : "halve", why));
    return {};
  }
  return {AudioWish{ScaleTempo{.factor = factor}}};
}

}  // namespace

bool hear(Model& model, AudioNews news) {
  const bool is_shown = model.screen == Screen::kAudio;
  const auto before = shown_elsewhere(model.audio, model.now);
  const bool asks_redraw = is_shown || !news.answers.empty();
  if (news.stats) take_stats(model, std::move(*news.stats));
  if (news.heard) take_heard(model, std::move(*news.heard));
  if (news.benchmark) {
    clean(*news.benchmark);
    model.audio.benchmark = std::move(*news.benchmark);
    model.audio.benchmark_until.reset();
  }
  if (news.inputs) take_inputs(model.audio, std::move(*news.inputs));
  for (const auto& answer : news.answers) take_answer(model, answer);
  select_input(model, 0);
  return asks_redraw || !(before == shown_elsewhere(model.audio, model.now));
}

Effects carry_out_audio(Model& model, Command command) {
  if (!is_connected(model)) {
    model.notice = bad_news("audio_analyzer does not run (a starts it)");
    return {};
  }
  if (const auto toggle = audio_toggle_of(command)) return set_toggle(model, *toggle);
  switch (command) {
    case Command::kBenchmark:
      return run_benchmark(model);
    case Command::kTap:
      return tap(model);
    case Command::kHalveTempo:
      return scale_tempo(model, 0.5);
    case Command::kDoubleTempo:
      return scale_tempo(model, 2);
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
    audio.is_listing = false;
  }
  if (!wanted || !audio.stats || !is_connected(model)) return;
  // When the input changes, others have come or gone; of the rest nobody tells. The statistics of each second come by
  // here, so that no timer is needed.
  std::string situation = audio.stats->device_id + '\n' + audio.stats->reason;
  const bool is_due = !audio.is_listing && model.now - audio.listed_when >= kListInputsEvery;
  if (audio.listed_at == situation && !is_due) return;
  audio.listed_at = std::move(situation);
  audio.listed_when = model.now;
  audio.is_listing = true;
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
