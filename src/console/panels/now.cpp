#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {

using ftxui::hbox;
using ftxui::text;

Element now_panel(const Model& model) {
  const SourceReport* report = active_source(model);
  if (report == nullptr || !report->state.track) {
    return panel("Now", line("nothing plays") | theme::faint());
  }
  const auto& track = *report->state.track;
  const Duration position = position_now(*report, model.now);
  const double fraction = track.duration ? to_seconds(position) / to_seconds(*track.duration) : 0.0;
  const bool is_stale_now = is_stale(*report, model.now);
  Elements rows{line(track.artist.empty() ? track.title : format("{} - {}", track.artist, track.title)) |
                    (is_stale_now ? theme::faint() : theme::number()),
                is_stale_now ? line(age(model.now - report->received_at) + " old") | theme::faint() : text("")};
  rows.push_back(hbox(
      {text("  "), track.duration ? progress_bar(fraction) | ftxui::flex : text(""), text("  "),
       text(track_time(position) + (track.duration ? " / " + track_time(*track.duration) : "")) | theme::number()}));
  return panel("Now", ftxui::vbox(std::move(rows)));
}

}  // namespace vj::console
