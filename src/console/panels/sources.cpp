#include <array>

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

constexpr std::array<std::pair<const char*, const char*>, 2> kSources = {
    {{"spotify", "spotify_monitor"}, {"virtualdj", "virtualdj_monitor"}}};

constexpr int kIndent = 4;

Element heading(bool is_active, Health health, std::string name, std::string words) {
  return hbox({text(is_active ? "▸ " : "  ") | theme::accent(),
               text(format("{} ", mark_of(health))) | theme::of(health), line(std::move(name)) | theme::name(),
               text("  "), ftxui::filler(),
               text(std::move(words)) | (health == Health::kAbsent ? theme::faint() : theme::of(health))});
}

Element below(std::string words) {
  return hbox({text(std::string(kIndent, ' ')), line(std::move(words)) | theme::faint()});
}

std::string name_of(const playback::PlaybackState& state) {
  const std::string label = source_label(state.source);
  const bool adds_something = !state.player.empty() && state.player != label && state.player != state.source;
  return adds_something ? format("{} ({})", label, state.player) : label;
}

Element source_rows(const Model& model, const std::string& source, const SourceReport& report, int width) {
  const auto& state = report.state;
  const bool is_active = source == model.active_source;
  const bool stale = is_stale(report, model.now);
  Health health = Health::kAbsent;
  std::string words = "nothing plays";
  if (stale) {
    words = report.lost ? silence_words(model, source, report) : age(model.now - report.received_at) + " old";
  } else if (state.is_playing) {
    health = Health::kGood;
    words = is_active ? "active" : state.audible ? "plays too" : "not audible";
  } else if (state.track) {
    health = Health::kWarning;
    words = "paused";
  }
  Elements rows{heading(is_active, health, name_of(state), words)};
  if (state.track) {
    const std::string deck = state.deck ? format("deck {}  ", *state.deck) : "";
    const std::string track =
        state.track->artist.empty() ? state.track->title : format("{} - {}", state.track->artist, state.track->title);
    rows.push_back(below(deck + track));
  }
  if (!state.reason.empty() && !stale) {
    const std::string retry =
        state.retry_in ? ", retry in " + countdown(report.received_at + *state.retry_in, model.now) : "";
    rows.push_back(
        hbox({text(std::string(kIndent, ' ')), paragraph(state.reason + retry, width - kIndent) | theme::faint()}));
  }
  return ftxui::vbox(std::move(rows));
}

}  // namespace

Element sources_panel(const Model& model, int width) {
  Elements rows;
  for (const auto& [source, worker] : kSources) {
    const auto found = model.sources.find(source);
    if (found != model.sources.end()) {
      rows.push_back(source_rows(model, source, found->second, width - 4));
    } else {
      rows.push_back(heading(false, Health::kAbsent, source_label(source), format("waiting for {}", worker)));
    }
    rows.push_back(text(""));
  }
  return panel("Sources", ftxui::vbox(std::move(rows)));
}

}  // namespace vj::console
