#include "console/update.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "console/audio_update.hpp"
#include "console/commands.hpp"
#include "console/geometry.hpp"
#include "console/keymap.hpp"
#include "console/osc_update.hpp"
#include "console/status.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

constexpr int kWheelRows = 3;

// A line this long says no more than its beginning, and would make every filter slow.
constexpr std::size_t kLongestLine = 4000;

Outcome changed(Effects effects = {}) { return {true, std::move(effects)}; }
Outcome unchanged() { return {}; }

// What came over the bus may hold anything, also what would upset a terminal.
void clean(std::string& text) { text = printable(text); }

// Reasons name files, mostly such of the home.
void clean_reason(std::string& reason, const Model& model) {
  reason = without_home(printable(reason), model.setup.home);
}

void clean(playback::PlaybackState& state, const Model& model) {
  for (auto* text : {&state.source, &state.player}) clean(*text);
  clean_reason(state.reason, model);
  if (!state.track) return;
  for (auto* text : {&state.track->artist, &state.track->title, &state.track->album}) clean(*text);
}

void clean(WorkerRow& worker, const Model& model) {
  for (auto* text : {&worker.name, &worker.version}) clean(*text);
  clean_reason(worker.reason, model);
}

// In the help these keys scroll, whatever they do on the screen behind it.
std::optional<Command> scrolling_command(const Key& key) {
  switch (key.code) {
    case KeyCode::kUp:
      return Command::kUp;
    case KeyCode::kDown:
      return Command::kDown;
    case KeyCode::kPageUp:
      return Command::kPageUp;
    case KeyCode::kPageDown:
      return Command::kPageDown;
    default:
      return std::nullopt;
  }
}

Outcome on_key(Model& model, const Key& key) {
  if (is_too_small(model.size) && key != character(U'q')) return unchanged();
  if (model.filter_prompt) return changed(type_in_prompt(model, key));
  auto command = command_for(model, key);
  if (const auto scrolling = scrolling_command(key); model.help_open && scrolling) command = scrolling;
  return command ? changed(carry_out(model, *command, key)) : unchanged();
}

Outcome on_mouse(Model& model, const Mouse& mouse) {
  if (mouse.action == MouseAction::kPress) {
    const auto screen = tab_at(model, mouse.column, mouse.row);
    if (!screen) return unchanged();
    model.screen = *screen;
    model.help_open = model.details_open = false;
    return changed();
  }
  const Command command = mouse.action == MouseAction::kWheelUp ? Command::kUp : Command::kDown;
  if (model.screen == Screen::kLogs && !model.help_open) {
    model.logs.scroll(command == Command::kUp ? -kWheelRows : kWheelRows, logs_page(model));
    return changed();
  }
  if (model.screen == Screen::kOsc && !model.help_open && !model.details_open) {
    scroll_osc(model, command == Command::kUp ? -kWheelRows : kWheelRows);
    return changed();
  }
  if (model.screen == Screen::kOverview || model.help_open) return changed(carry_out(model, command, {}));
  return unchanged();
}

// Only numbers that tick by themselves and are shown nowhere else but on the Overview screen.
bool differ_in_statistics_only(std::vector<WorkerRow> a, std::vector<WorkerRow> b) {
  for (auto* rows : {&a, &b}) {
    for (auto& row : *rows) row.cpu_percent.reset(), row.rss_bytes.reset();
  }
  return a == b;
}

// True if it is another one than before.
bool choose_source(Model& model) {
  if (model.active_is_told) return false;
  const std::string before = std::exchange(model.active_source, likely_source(model));
  return before != model.active_source;
}

// What they said last is not current any more, however lately they said it.
void note_who_has_gone(Model& model) {
  for (auto& [source, report] : model.sources) {
    if (!is_up(model, monitor_of(source))) report.lost = true;
  }
  (void)choose_source(model);
  if (is_up(model, "audio_analyzer")) return;
  model.audio.lost = true;
  model.audio.pending.clear();
  model.audio.benchmark_until.reset();
}

Outcome on_workers(Model& model, std::vector<WorkerRow> workers) {
  for (auto& worker : workers) clean(worker, model);
  std::ranges::stable_sort(workers, {}, &WorkerRow::is_app);
  if (workers == model.workers) return unchanged();
  const bool is_visible = model.screen == Screen::kOverview || !differ_in_statistics_only(workers, model.workers);
  const WorkerRow* selected = selected_worker(model);
  const std::string selected_name = selected != nullptr ? selected->name : "";
  model.workers = std::move(workers);
  const auto found = std::ranges::find(model.workers, selected_name, &WorkerRow::name);
  const int last = std::max(0, static_cast<int>(model.workers.size()) - 1);
  model.selected = found != model.workers.end() ? static_cast<int>(found - model.workers.begin())
                                                : std::clamp(model.selected, 0, last);
  model.details_open = model.details_open && found != model.workers.end();
  if (!is_up(model, "lyrics_fetcher")) model.active_is_told = false;
  note_who_has_gone(model);
  return {is_visible, {}};
}

// The position moves by itself; a report that says what we reckoned anyway is no change.
bool says_nothing_new(const SourceReport& known, const playback::PlaybackState& state, Time now) {
  auto same = known.state;
  same.position = state.position;
  same.position_at = state.position_at;
  if (!(same == state) || is_stale(known, now)) return false;
  const SourceReport fresh{state, now, false};
  return track_time(position_now(known, now)) == track_time(position_now(fresh, now));
}

Outcome on_source(Model& model, playback::PlaybackState state) {
  clean(state, model);
  const auto known = model.sources.find(state.source);
  const bool is_news = known == model.sources.end() || !says_nothing_new(known->second, state, model.now);
  const std::string source = state.source;
  // The last words of one that is known to have gone may come after that.
  const WorkerRow* monitor = find_worker(model, monitor_of(source));
  const bool is_lost = monitor != nullptr && !monitor->connected;
  model.sources[source] = {std::move(state), model.now, is_lost};
  return {choose_source(model) || is_news, {}};
}

Outcome on_log(Model& model, std::vector<LogLine> lines) {
  for (auto& line : lines) {
    line.text = printable(std::string_view(line.text).substr(0, kLongestLine));
    model.logs.add(std::move(line));
  }
  return {model.screen == Screen::kLogs || model.details_open, {}};
}

std::string_view done_words(Asked asked) {
  switch (asked) {
    case Asked::kStart:
      return "started";
    case Asked::kStop:
      return "stopped";
    case Asked::kRestart:
      return "restarted";
  }
  return {};
}

Outcome on_answer(Model& model, const Answered& answer) {
  model.asked.erase(answer.worker);
  const WorkerRow* worker = find_worker(model, answer.worker);
  const std::string name = worker != nullptr ? display_name(*worker) : answer.worker;
  if (answer.failure.empty()) {
    model.notice = good_news(model, format("✓ {} {}", name, done_words(answer.asked)));
    return changed();
  }
  std::string why = without_home(printable(answer.failure), model.setup.home);
  if (worker != nullptr) why = reason_words(*worker, why);
  model.notice = bad_news(format("✗ {} was not {}: {}", name, done_words(answer.asked), why));
  return changed();
}

Outcome on_everything_stopped(Model& model, const EverythingStopped& stopped) {
  if (stopped.failure.empty()) {
    return {false, {Leave{stopped.manager_stays ? Leaving::kStoppedButManager : Leaving::kStopped}}};
  }
  model.quitting = Quitting::kNo;
  model.notice =
      bad_news(format("✗ not everything stopped: {}  (q tries again, d leaves)", printable(stopped.failure)));
  return changed();
}

Outcome on_failure(Model& model, const Failed& failure) {
  model.notice = bad_news("✗ " + printable(failure.what));
  return changed();
}

bool notice_is_over(const Model& model) { return model.notice.until && *model.notice.until <= model.now; }

}  // namespace

Outcome update(Model& model, const Message& message, Moment moment) {
  model.now = moment.now;
  model.wall_now = moment.wall_now;
  const bool forgets_notice = notice_is_over(model);
  if (forgets_notice) model.notice = {};
  Outcome outcome =
      std::visit(Overloaded{
                     [&](const Key& key) { return on_key(model, key); },
                     [&](const Mouse& mouse) { return on_mouse(model, mouse); },
                     [&](const Paste& paste) {
                       if (!model.filter_prompt) return unchanged();
                       paste_in_prompt(model, paste.text);
                       return changed();
                     },
                     [&](const Resized& resized) {
                       model.size = resized.size;
                       return changed();
                     },
                     [&](const TimePassed&) { return changed(); },
                     [&](const ManagerChanged& news) {
                       if (news.manager == model.manager && news.fallback == model.fallback) return unchanged();
                       model.manager = news.manager;
                       clean_reason(model.manager.reason, model);
                       model.fallback = news.fallback;
                       return changed();
                     },
                     [&](const WorkersChanged& news) { return on_workers(model, news.workers); },
                     [&](const SourceReported& news) { return on_source(model, news.state); },
                     [&](const ActiveSourceChanged& news) {
                       model.active_is_told = true;
                       std::string source = printable(news.source);
                       const bool is_news = source != model.active_source;
                       model.active_source = std::move(source);
                       return Outcome{is_news, {}};
                     },
                     [&](const MetricsChanged& news) {
                       const bool is_news = !(news.metrics == model.metrics);
                       model.metrics = news.metrics;
                       if (model.metrics.mood) clean(*model.metrics.mood);
                       return Outcome{is_news, {}};
                     },
                     [&](const AudioNews& news) { return Outcome{hear(model, news), {}}; },
                     [&](const Logged& news) { return on_log(model, news.lines); },
                     [&](const OscHeard& news) { return Outcome{on_osc_heard(model, news), {}}; },
                     [&](const OscAddressesTold& news) { return Outcome{on_osc_addresses(model, news), {}}; },
                     [&](const OscStatsChanged& news) { return Outcome{on_osc_stats(model, news.stats), {}}; },
                     [&](const Answered& answer) { return on_answer(model, answer); },
                     [&](const EverythingStopped& stopped) { return on_everything_stopped(model, stopped); },
                     [&](const Failed& failure) { return on_failure(model, failure); },
                 },
                 message);
  follow_audio(model, outcome.effects);
  outcome.redraw = outcome.redraw || forgets_notice;
  if (const auto interest = new_osc_interest(model)) outcome.effects.push_back(*interest);
  return outcome;
}

}  // namespace vj::console
