#include <algorithm>
#include <optional>

#include "console/audio_update.hpp"
#include "console/status.hpp"
#include "console/update.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

void take_earlier(Time& next, std::optional<Time> other) {
  if (other) next = std::min(next, *other);
}

// Uptimes and ages.
bool counts_up(const Model& model) {
  const bool shows_ages = model.screen == Screen::kOverview || model.screen == Screen::kPlayback;
  const bool a_source_ages =
      std::ranges::any_of(model.sources, [&](const auto& source) { return is_stale(source.second, model.now); });
  if (shows_ages && a_source_ages) return true;
  if (model.screen != Screen::kOverview) return false;
  return model.manager.started_at ||
         std::ranges::any_of(model.workers, [](const WorkerRow& worker) { return worker.started_at.has_value(); });
}

// Restarts and retries. They are on the screen where somebody waits for them.
void take_countdowns(const Model& model, Time& next) {
  if (model.screen != Screen::kOverview && model.screen != Screen::kPlayback) return;
  if (model.manager.restart_at) take_earlier(next, next_countdown(*model.manager.restart_at, model.now));
  for (const auto& worker : model.workers) {
    if (worker.restart_at) take_earlier(next, next_countdown(*worker.restart_at, model.now));
  }
  for (const auto& [name, report] : model.sources) {
    const auto& retry = report.state.retry_in;
    if (retry && !is_stale(report, model.now))
      take_earlier(next, next_countdown(report.received_at + *retry, model.now));
  }
}

// When the position on the screen moves on by a second.
Time next_position_second(const SourceReport& report, Time now) {
  const Duration position = position_now(report, now);
  const Duration left = std::chrono::floor<std::chrono::seconds>(position) + 1s - position;
  const auto wait = std::chrono::duration_cast<Duration>(left / std::max(0.1, report.state.rate));
  return now + std::max<Duration>(wait, 10ms);
}

bool is_moving(const SourceReport& report, Time now) {
  if (!report.state.is_playing || !report.state.track || is_stale(report, now)) return false;
  const auto& duration = report.state.track->duration;
  return !duration || position_now(report, now) < *duration;
}

}  // namespace

Time next_change(const Model& model) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(model.wall_now) + 1min;
  Time next = model.now + (minute - model.wall_now);
  take_earlier(next, model.notice.until);
  take_countdowns(model, next);
  take_earlier(next, next_audio_change(model));
  if (counts_up(model)) next = std::min(next, next_second(model.now));
  for (const auto& [name, report] : model.sources) {
    const bool is_shown = name == model.active_source || model.screen == Screen::kPlayback;
    if (!is_shown) continue;
    if (is_moving(report, model.now)) next = std::min(next, next_position_second(report, model.now));
    if (!is_stale(report, model.now)) next = std::min(next, report.received_at + kSourceStaleAfter);
  }
  return next;
}

}  // namespace vj::console
