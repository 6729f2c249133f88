#include <cmath>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;

Element metric(const std::string& label, const std::string& mark, Health health, std::string words) {
  const bool is_known = health != Health::kAbsent;
  return hbox({text(label + ": ") | theme::name(), text(mark.empty() ? "" : mark + " ") | theme::of(health),
               line(std::move(words)) | (is_known ? theme::number() : theme::faint())});
}

Element waiting(std::string label, const Model& model, std::string_view worker) {
  return metric(std::move(label), "○", Health::kAbsent,
                is_up(model, worker) ? "nothing yet" : format("waiting for {}", worker));
}

Element playback_metric(const Model& model) {
  const SourceReport* report = active_source(model);
  if (report == nullptr) return metric("Playback", "○", Health::kAbsent, "nothing plays");
  const std::string source = source_label(report->state.source);
  if (report->lost)
    return metric("Playback", "○", Health::kAbsent, silence_words(model, report->state.source, *report));
  if (is_stale(*report, model.now)) return metric("Playback", "○", Health::kAbsent, source + " has gone quiet");
  return report->state.is_playing ? metric("Playback", "▶", Health::kGood, source)
                                  : metric("Playback", "‖", Health::kWarning, source + " paused");
}

Element lyrics_metric(const Model& model) {
  if (!model.metrics.lyrics || !is_up(model, "lyrics_fetcher")) return waiting("Lyrics", model, "lyrics_fetcher");
  const auto& lyrics = *model.metrics.lyrics;
  return lyrics.available ? metric("Lyrics", "✓", Health::kGood, format("{} lines", lyrics.lines))
                          : metric("Lyrics", "○", Health::kAbsent, "none found");
}

Element mood_metric(const Model& model) {
  const bool is_current = model.metrics.mood && is_up(model, "lyrics_fetcher");
  return is_current ? metric("Mood", "", Health::kGood, *model.metrics.mood) : waiting("Mood", model, "lyrics_fetcher");
}

Element audio_metric(const Model& model) {
  const auto* stats = current_stats(model.audio, model.now);
  if (stats == nullptr) return waiting("Audio", model, "audio_analyzer");
  if (stats->device.empty()) return metric("Audio", "⚠", Health::kWarning, "no input");
  if (const auto tempo = heard_tempo(model.audio, model.now)) {
    return metric("Audio", tempo->synced ? "●" : "○", tempo->synced ? Health::kGood : Health::kWarning,
                  format("{} BPM", std::lround(tempo->bpm)));
  }
  return metric("Audio", "○", Health::kAbsent, stats->silent ? "silence" : "no beat");
}

Element osc_metric(const Model& model) {
  std::string words = osc_words(model);
  if (words.empty()) return waiting("OSC", model, "osc_debugger");
  const TargetCount count = count_targets(*model.osc_stats);
  const bool all_reached = count.reached == count.enabled;
  return metric("OSC", all_reached ? "" : "⚠", all_reached ? Health::kGood : Health::kWarning, std::move(words));
}

}  // namespace

Element metrics_panel(const Model& model) {
  return panel("Quick Metrics", ftxui::vbox({playback_metric(model), lyrics_metric(model), mood_metric(model),
                                             audio_metric(model), osc_metric(model)}));
}

}  // namespace vj::console
