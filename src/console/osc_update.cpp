#include "console/osc_update.hpp"

#include <algorithm>
#include <utility>

#include "console/geometry.hpp"
#include "console/osc_details.hpp"
#include "console/status.hpp"

namespace vj::console {
namespace {

bool is_shown(const Model& model) { return model.screen == Screen::kOsc && !model.help_open; }

// What a person should know at once, also while the list is paused.
bool is_alarming(const std::optional<OscStats>& before, const OscStats& now) {
  return !before || before->targets != now.targets || before->dropped != now.dropped ||
         before->malformed != now.malformed;
}

void toggle_pause(OscView& osc) {
  if (osc.paused()) {
    osc.follow();
  } else {
    osc.pause();
  }
}

void scroll_details(Model& model, int step) {
  const TextBox page = osc_details_page(model);
  const int last = static_cast<int>(osc_details(model, page.width).size()) - page.height;
  model.details_scroll = std::clamp(model.details_scroll + step, 0, std::max(0, last));
}

// The message above or below; in the details, of that one from its beginning.
Effects select(Model& model, int step) {
  model.osc.select(step, osc_rows(model));
  model.details_scroll = 0;
  model.details_open = model.details_open && model.osc.selected().has_value();
  return {};
}

}  // namespace

bool on_osc_heard(Model& model, const OscHeard& heard) {
  model.osc.miss(heard.missed);
  for (const auto& row : heard.rows) model.osc.add(row);
  return is_shown(model) && model.osc.following();
}

bool on_osc_addresses(Model& model, const OscAddressesTold& told) {
  model.osc.merge(told.addresses);
  return is_shown(model) && model.osc.following() && model.osc.shows_latest();
}

bool on_osc_stats(Model& model, OscStats stats) {
  const bool is_news = !(model.osc_stats == stats);
  const bool alarms = is_alarming(model.osc_stats, stats);
  const std::string before = osc_words(model);
  model.osc_stats = std::move(stats);
  if (model.screen == Screen::kOverview) return osc_words(model) != before;
  return is_shown(model) && is_news && (alarms || !model.osc.paused());
}

std::optional<Effects> carry_out_on_osc(Model& model, Command command) {
  OscView& osc = model.osc;
  const int rows = osc_rows(model);
  switch (command) {
    case Command::kUp:
      return select(model, -1);
    case Command::kDown:
      return select(model, 1);
    case Command::kPageUp:
    case Command::kPageDown: {
      const int step = (command == Command::kPageUp ? -1 : 1) * std::max(1, rows - 1);
      if (model.details_open) {
        scroll_details(model, step);
      } else {
        osc.select(step, rows);
      }
      return Effects{};
    }
    case Command::kTop:
      osc.go_to_end(rows);
      return Effects{};
    case Command::kFollow:
      osc.follow();
      return Effects{};
    case Command::kPause:
      toggle_pause(osc);
      return Effects{};
    case Command::kLatest:
      osc.toggle_latest();
      return Effects{};
    case Command::kDetails:
      osc.hold();
      model.details_open = !model.details_open;
      model.details_scroll = 0;
      return Effects{};
    case Command::kClear:
      osc.clear();
      return Effects{ClearOsc{}};
    default:
      return std::nullopt;
  }
}

void scroll_osc(Model& model, int rows) { model.osc.scroll(rows, osc_rows(model)); }

std::optional<FollowOsc> new_osc_interest(Model& model) {
  auto wanted = OscInterest::kStatistics;
  if (model.screen == Screen::kOsc)
    wanted = model.osc.shows_latest() ? OscInterest::kAddresses : OscInterest::kMessages;
  if (std::exchange(model.osc_interest, wanted) == wanted) return std::nullopt;
  return FollowOsc{wanted};
}

}  // namespace vj::console
