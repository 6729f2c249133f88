#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "base/text.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;

// Up to this width the source is not named, so that its track is.
constexpr int kNarrow = 70;

std::string upper_ascii(std::string word) {
  for (char& c : word) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return word;
}

Element separator() { return text(" │ ") | ftxui::color(theme::border()); }

Element bus(const Model& model) {
  const WorkerCount count = count_workers(model);
  return hbox(
      {text(model.fallback ? "FALLBACK " : "VJ Bus ") | (model.fallback ? theme::of(Health::kWarning) : theme::name()),
       text(format("{}/{} {}", count.connected, count.enabled, mark_of(count.health()))) | theme::of(count.health()) |
           ftxui::bold});
}

// The track gives way first, with an ellipsis; how far it has got stays.
Element track(const SourceReport& report, Time now, bool narrow) {
  const auto& state = report.state;
  const bool stale = is_stale(report, now);
  Elements parts{text(state.is_playing && !stale ? "▶ " : "‖ ") |
                     theme::of(state.is_playing && !stale ? Health::kGood : Health::kAbsent),
                 text(narrow ? "" : source_label(state.source) + "  ") | theme::name()};
  if (state.track) {
    const auto& track = *state.track;
    const std::string words = track.artist.empty() ? track.title : format("{} - {}", track.artist, track.title);
    parts.push_back(line(words) | ftxui::bold);
    parts.push_back(text("  " + track_time(position_now(report, now)) +
                         (track.duration ? " / " + track_time(*track.duration) : "")));
  }
  Element element = hbox(std::move(parts));
  return stale ? element | theme::faint() : element;
}

}  // namespace

Element title_bar(const Model& model) {
  Elements parts{text(" VJ Console") | ftxui::bold, separator(), bus(model)};
  if (const SourceReport* report = active_source(model)) {
    parts.push_back(separator());
    parts.push_back(track(*report, model.now, model.size.columns <= kNarrow) | ftxui::xflex_shrink);
  }
  const bool has_room = model.size.columns >= 100;
  if (has_room && model.metrics.mood && is_up(model, "lyrics_fetcher")) {
    parts.push_back(text("  " + upper_ascii(*model.metrics.mood)) | theme::accent());
  }
  if (const auto tempo = heard_tempo(model.audio, model.now); has_room && tempo) {
    parts.push_back(text(format("  {} {:.1f}", tempo->synced ? "●" : "○", tempo->bpm)) |
                    theme::of(tempo->synced ? Health::kGood : Health::kWarning));
  }
  parts.push_back(ftxui::filler());
  parts.push_back(text("  " + clock_minute(model.wall_now, model.setup.utc_offset) + " ") | ftxui::bold);
  return hbox(std::move(parts)) | theme::title_bar();
}

}  // namespace vj::console
