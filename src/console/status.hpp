// Questions about the model that more than one part of the console asks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "console/model.hpp"

namespace vj::console {

// Green, yellow, red and absent, as the guide means them: red is what will not come back by itself.
enum class Health { kGood, kWarning, kFailed, kAbsent };

[[nodiscard]] Health health_of(const WorkerRow& worker);
[[nodiscard]] std::string_view mark_of(Health health);  // ✓ ⚠ ✗ ○

// Of the workers that are enabled; apps do not count.
struct WorkerCount {
  int connected = 0;
  int enabled = 0;
  int restarting = 0;
  int failed = 0;
  int degraded = 0;
  int unknown = 0;
  bool is_supervised = true;  // somebody would see a crash, and mend it

  [[nodiscard]] Health health() const;
};
[[nodiscard]] WorkerCount count_workers(const Model& model);

[[nodiscard]] const WorkerRow* find_worker(const Model& model, std::string_view name);
// Whether this worker runs and beats, so that what it says is current.
[[nodiscard]] bool is_up(const Model& model, std::string_view worker);
[[nodiscard]] const WorkerRow* selected_worker(const Model& model);

// "restarting in 8 s", "not running"; empty for one that simply runs. What was asked and is not done yet comes first.
[[nodiscard]] std::string state_words(const Model& model, const WorkerRow& worker);

// Why it is degraded, backing off or failed, with what to do about a program that is not there; empty if nothing is
// known.
[[nodiscard]] std::string reason_words(const WorkerRow& worker);
// The same of any text that says why this worker does not run.
[[nodiscard]] std::string reason_words(const WorkerRow& worker, std::string_view reason);

// Whether there is no program to start, by what the process manager says or by what this console has found.
[[nodiscard]] bool lacks_program(const WorkerRow& worker);

// "set 'command' in [app.synesthesia]"
[[nodiscard]] std::string command_hint(const WorkerRow& app);

// The text with the paths inside the home relative to it: what is in front of them is the same in all of them.
[[nodiscard]] std::string without_home(std::string text, std::string_view home);

// Synesthesia and MilkSyphon as their makers write them.
[[nodiscard]] std::string display_name(const WorkerRow& worker);

// "Spotify" for "spotify".
[[nodiscard]] std::string source_label(std::string_view source);

// A source publishes each second, so one that has been silent for this long is not current.
inline constexpr Duration kSourceStaleAfter = 5s;
[[nodiscard]] bool is_stale(const SourceReport& report, Time now);

// "virtualdj_monitor" for "virtualdj".
[[nodiscard]] std::string monitor_of(std::string_view source);

// Why a source that is stale says nothing: "virtualdj_monitor: stopped", "last heard 12 s ago".
[[nodiscard]] std::string silence_words(const Model& model, std::string_view source, const SourceReport& report);

// The source that drives the show; nullptr if none does.
[[nodiscard]] const SourceReport* active_source(const Model& model);

// The source that the show would follow, worked out from what the sources say: the one that plays, preferably the one
// that was active already. Only for while nobody tells which it is.
[[nodiscard]] std::string likely_source(const Model& model);

// Of the OSC targets that are on.
struct TargetCount {
  int reached = 0;  // nothing is known to be wrong with them
  int enabled = 0;
};
[[nodiscard]] TargetCount count_targets(const OscStats& stats);

// Whether the OSC debugger runs, so that what it says is current.
[[nodiscard]] bool hears_osc(const Model& model);

// "412 msg/s to 2 targets"; empty while nothing is known.
[[nodiscard]] std::string osc_words(const Model& model);

// Where its track is now, or was when the source was last heard.
[[nodiscard]] Duration position_now(const SourceReport& report, Time now);

}  // namespace vj::console
