#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;

constexpr int kLongestBar = 60;

Element field(std::string label, std::string value) {
  return hbox({text(std::move(label)) | theme::name(), line(std::move(value)) | theme::number()});
}

Element status(const Model& model, const SourceReport& report) {
  const Time now = model.now;
  if (report.lost) {
    return hbox({text("Status: ") | theme::name(),
                 line("○ " + silence_words(model, report.state.source, report)) | theme::faint()});
  }
  if (is_stale(report, now)) {
    return hbox({text("Status: ") | theme::name(),
                 line(format("○ {} old, no news since", age(now - report.received_at))) | theme::faint()});
  }
  const bool is_playing = report.state.is_playing;
  return hbox({text("Status: ") | theme::name(), text(is_playing           ? "▶ Playing"
                                                      : report.state.track ? "‖ Paused"
                                                                           : "▪ Stopped") |
                                                     theme::of(is_playing ? Health::kGood : Health::kWarning)});
}

std::string precision(const playback::PlaybackState& state) {
  std::string words = state.position_confidence >= 0.9 ? "position measured"
                      : state.position_confidence > 0.0
                          ? format("position estimated (conf {:.2f})", state.position_confidence)
                          : "position unknown";
  return format("{}, rate {:.1f}", words, state.rate);
}

Elements track_rows(const SourceReport& report, Time now) {
  const auto& track = *report.state.track;
  const Duration position = position_now(report, now);
  Elements rows{text("Track:") | theme::name(), field("  Artist: ", track.artist.empty() ? "unknown" : track.artist),
                field("  Title:  ", track.title)};
  if (!track.album.empty()) rows.push_back(field("  Album:  ", track.album));
  if (track.duration) rows.push_back(field("  Duration: ", track_time(*track.duration)));
  rows.push_back(text(""));
  if (track.duration) {
    const double fraction = to_seconds(position) / to_seconds(*track.duration);
    rows.push_back(hbox(
        {text("  "), progress_bar(fraction) | ftxui::size(ftxui::WIDTH, ftxui::LESS_THAN, kLongestBar) | ftxui::flex,
         text("  ")}));
    rows.push_back(field("  ", track_time(position) + " / " + track_time(*track.duration)));
  } else {
    rows.push_back(field("  ", track_time(position)));
  }
  rows.push_back(text(""));
  rows.push_back(line("  " + precision(report.state)) | theme::faint());
  return rows;
}

Element nothing_plays(const Model& model, int width) {
  Elements rows{line("nothing plays") | theme::faint()};
  for (const auto& [name, report] : model.sources) {
    const std::string why = is_stale(report, model.now) ? silence_words(model, name, report) : report.state.reason;
    if (!why.empty()) rows.push_back(paragraph(format("{}: {}", source_label(name), why), width) | theme::faint());
  }
  if (model.sources.empty()) {
    rows.push_back(line("waiting for spotify_monitor and virtualdj_monitor") | theme::faint());
  }
  return ftxui::vbox(std::move(rows));
}

}  // namespace

Element playback_state_panel(const Model& model, int width) {
  const SourceReport* report = active_source(model);
  if (report == nullptr) return panel("Playback State", nothing_plays(model, width - 4));
  Elements rows{field("Source: ", source_label(report->state.source)), status(model, *report)};
  if (report->state.track) {
    rows.push_back(text(""));
    for (auto& row : track_rows(*report, model.now)) rows.push_back(std::move(row));
  }
  if (!report->state.reason.empty() && !is_stale(*report, model.now)) {
    rows.push_back(text(""));
    rows.push_back(paragraph(report->state.reason, width - 4) | theme::of(Health::kWarning));
  }
  Element content = ftxui::vbox(std::move(rows));
  return panel("Playback State", is_stale(*report, model.now) ? content | ftxui::dim : content);
}

}  // namespace vj::console
