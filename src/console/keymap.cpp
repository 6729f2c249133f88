#include "console/keymap.hpp"

#include <algorithm>
#include <array>

#include "base/format.hpp"
#include "console/status.hpp"
#include "console/text_layout.hpp"

namespace vj::console {
namespace {

using Screens = unsigned;

constexpr Screens on(Screen screen) { return 1U << static_cast<unsigned>(screen); }
constexpr Screens kEverywhere = (1U << kScreenCount) - 1;
constexpr Screens kOverview = on(Screen::kOverview);
constexpr Screens kOsc = on(Screen::kOsc);
constexpr Screens kLogs = on(Screen::kLogs);
constexpr Screens kOscAndLogs = kOsc | kLogs;
constexpr Screens kAudio = on(Screen::kAudio);

enum class Group { kScreens, kWorkers, kApps, kSound, kLists, kConsole };
constexpr std::array kGroupTitles = {"Screens", "Workers", "Apps", "Audio", "Lists and logs", "Console"};

using Available = bool (*)(const Model&);

// What the footer says: the same always, or with a state in it.
struct Words {
  constexpr Words() = default;
  constexpr Words(const char* text) : fixed(text) {}
  constexpr Words(std::string (*text)(const Model&)) : current(text) {}

  [[nodiscard]] bool empty() const { return fixed == nullptr && current == nullptr; }
  [[nodiscard]] std::string said(const Model& model) const { return current != nullptr ? current(model) : fixed; }

  const char* fixed = nullptr;
  std::string (*current)(const Model&) = nullptr;
};

struct Binding {
  Command command;
  std::vector<Key> keys;
  Screens screens;
  std::string_view shown;
  Words footer;  // empty: only in the help
  std::string_view help;
  Group group;
  Available available;  // nullptr: always
};

bool has_selection(const Model& model) { return selected_worker(model) != nullptr; }
bool has_messages(const Model& model) { return model.osc.size() > 0; }
bool has_filter(const Model& model) { return !model.logs.filter().empty(); }

bool has_synesthesia(const Model& model) { return find_worker(model, "synesthesia") != nullptr; }
bool has_milksyphon(const Model& model) { return find_worker(model, "milksyphon") != nullptr; }
bool has_analyzer(const Model& model) { return find_worker(model, "audio_analyzer") != nullptr; }

std::string toggle_words(const Model& model, std::string_view name, std::string_view label) {
  const WorkerRow* worker = find_worker(model, name);
  if (worker == nullptr) return {};
  if (model.asked.contains(worker->name)) return format("{} …", label);
  switch (worker->state) {
    case WorkerState::kStopped:
    case WorkerState::kFailed:
      return format("{} off", label);
    case WorkerState::kStarting:
    case WorkerState::kBackingOff:
    case WorkerState::kStopping:
      return format("{} …", label);
    case WorkerState::kRunning:
    case WorkerState::kDegraded:
    case WorkerState::kUnknown:
      return format("{} ON", label);
  }
  return {};
}

std::string filter_words(const Model& model) {
  if (model.screen == Screen::kOsc) {
    const OscView& osc = model.osc;
    return osc.filter().empty() ? "filter" : format("filter: {}  {} of {}", osc.filter(), osc.size(), osc.all());
  }
  if (!has_filter(model)) return "filter";
  const std::string place = model.logs.match() ? format("{} of ", *model.logs.match() + 1) : "";
  return format("filter: {}  {}{}", model.logs.filter().pattern(), place, model.logs.size());
}

std::string level_words(const Model& model) {
  return model.logs.minimum_level() == LogLevel::kDebug ? std::string("level")
                                                        : format("level {}", to_string(model.logs.minimum_level()));
}

// On the Audio screen the footer is full of its own keys.
std::string app_words(const Model& model, std::string_view name, std::string_view label) {
  return model.screen == Screen::kAudio ? "" : toggle_words(model, name, label);
}
std::string synesthesia_words(const Model& model) { return app_words(model, "synesthesia", "Synesthesia"); }
std::string milksyphon_words(const Model& model) { return app_words(model, "milksyphon", "MilkSyphon"); }
std::string analyzer_words(const Model& model) { return toggle_words(model, "audio_analyzer", "Audio"); }
std::string pause_words(const Model& model) {
  const bool is_held = model.screen == Screen::kOsc ? model.osc.paused() : !model.logs.following();
  return is_held ? "go on" : "pause";
}
std::string latest_words(const Model& model) {
  return model.osc.shows_latest() ? "single messages" : "latest per address";
}

std::string_view toggle_state(const Model& model, wire::AudioToggle toggle) {
  if (model.audio.pending.contains(toggle)) return "…";
  return model.audio.stats->on[static_cast<std::size_t>(toggle)] ? "ON" : "off";
}
// On the screens of other things the toggles work too, but have no room in the footer.
std::string audio_toggle_words(const Model& model, wire::AudioToggle toggle, std::string_view label) {
  if (model.screen != Screen::kAudio || current_stats(model.audio, model.now) == nullptr) return {};
  return format("{} {}", label, toggle_state(model, toggle));
}
std::string essentia_words(const Model& m) { return audio_toggle_words(m, wire::AudioToggle::kEssentia, "DSP"); }
std::string pitch_words(const Model& m) { return audio_toggle_words(m, wire::AudioToggle::kPitch, "Pitch"); }
std::string beat_words(const Model& m) { return audio_toggle_words(m, wire::AudioToggle::kBeat, "Beat"); }
std::string structure_words(const Model& m) { return audio_toggle_words(m, wire::AudioToggle::kStructure, "Struct"); }
std::string spectrum_words(const Model& m) { return audio_toggle_words(m, wire::AudioToggle::kSpectrum, "Spec"); }
std::string logging_words(const Model& m) { return audio_toggle_words(m, wire::AudioToggle::kLogging, "Log"); }
std::string benchmark_words(const Model& m) { return m.screen == Screen::kAudio ? "benchmark" : ""; }

std::string wrap_words(const Model& model) { return model.logs.wraps() ? "wrap" : "wrap off"; }

// In the order of the footer.
const std::vector<Binding>& bindings() {
  static const std::vector<Binding> kBindings = {
      {Command::kShowScreen,
       {character(U'0'), character(U'1'), character(U'2'), character(U'3'), character(U'4'), character(U'5')},
       kEverywhere,
       "0-5",
       {},
       "Overview, Playback, Lyrics & AI, Audio, OSC, Logs",
       Group::kScreens,
       nullptr},
      {Command::kNextScreen, {Key{KeyCode::kTab}}, kEverywhere, "Tab", {}, "next screen", Group::kScreens, nullptr},
      {Command::kPreviousScreen,
       {Key{KeyCode::kBackTab}},
       kEverywhere,
       "Shift-Tab",
       {},
       "previous screen",
       Group::kScreens,
       nullptr},

      {Command::kUp,
       {Key{KeyCode::kUp}, character(U'k')},
       kOverview,
       "↑↓",
       "select",
       "select a worker or an app",
       Group::kWorkers,
       has_selection},
      {Command::kDown, {Key{KeyCode::kDown}, character(U'j')}, kOverview, "", {}, "", Group::kWorkers, has_selection},
      {Command::kDetails,
       {Key{KeyCode::kEnter}},
       kOverview,
       "Enter",
       "details",
       "details of the selected worker, with its last log lines",
       Group::kWorkers,
       has_selection},
      {Command::kRestart,
       {character(U'r')},
       kOverview,
       "r",
       "restart",
       "restart the selected worker",
       Group::kWorkers,
       has_selection},
      {Command::kStartStop,
       {character(U'x')},
       kOverview,
       "x",
       "start/stop",
       "start or stop the selected worker",
       Group::kWorkers,
       has_selection},

      {Command::kFilter,
       {character(U'/')},
       kLogs,
       "/",
       filter_words,
       "filter lines: a regular expression; ! in front turns it round",
       Group::kLists,
       nullptr},
      {Command::kFilter,
       {character(U'/')},
       kOsc,
       "/",
       filter_words,
       "filter messages: a text or /audio/*; ! in front turns it round",
       Group::kLists,
       nullptr},
      {Command::kNextMatch,
       {character(U'n')},
       kLogs,
       "n N",
       "next match",
       "next and previous match",
       Group::kLists,
       has_filter},
      {Command::kPreviousMatch, {character(U'N')}, kLogs, "", {}, "", Group::kLists, has_filter},
      {Command::kPause,
       {character(U' ')},
       kOscAndLogs,
       "Space",
       pause_words,
       "hold the list still, or let it go on",
       Group::kLists,
       nullptr},
      {Command::kFollow,
       {character(U'G'), Key{KeyCode::kEnd}},
       kOscAndLogs,
       "G",
       "follow",
       "follow the newest (also End)",
       Group::kLists,
       nullptr},
      {Command::kTop,
       {character(U'g'), Key{KeyCode::kHome}},
       kOscAndLogs,
       "g",
       {},
       "the other end of the list (also Home)",
       Group::kLists,
       nullptr},
      {Command::kUp,
       {Key{KeyCode::kUp}, character(U'k')},
       kOscAndLogs,
       "↑↓",
       {},
       "scroll, or select a message; PgUp and PgDn by the page",
       Group::kLists,
       nullptr},
      {Command::kDown, {Key{KeyCode::kDown}, character(U'j')}, kOscAndLogs, "", {}, "", Group::kLists, nullptr},
      {Command::kPageUp, {Key{KeyCode::kPageUp}, control(U'b')}, kOscAndLogs, "", {}, "", Group::kLists, nullptr},
      {Command::kPageDown, {Key{KeyCode::kPageDown}, control(U'f')}, kOscAndLogs, "", {}, "", Group::kLists, nullptr},
      {Command::kLatest,
       {character(U'L')},
       kOsc,
       "L",
       latest_words,
       "the latest message of each address, or all messages",
       Group::kLists,
       nullptr},
      {Command::kDetails,
       {Key{KeyCode::kEnter}},
       kOsc,
       "Enter",
       "details",
       "all of the selected message",
       Group::kLists,
       has_messages},
      {Command::kWrap,
       {character(U'w')},
       kLogs,
       "w",
       wrap_words,
       "wrap long lines, or cut them",
       Group::kLists,
       nullptr},
      {Command::kHigherLevel,
       {character(U'+'), character(U'=')},
       kLogs,
       "+ -",
       level_words,
       "show only more, or also less important lines",
       Group::kLists,
       nullptr},
      {Command::kLowerLevel, {character(U'-')}, kLogs, "", {}, "", Group::kLists, nullptr},
      {Command::kClear, {character(U'c')}, kOscAndLogs, "c", "clear", "clear the list", Group::kLists, nullptr},

      {Command::kEssentia,
       {character(U'e')},
       kEverywhere,
       "e",
       essentia_words,
       "Essentia DSP on or off: descriptors and key",
       Group::kSound,
       has_analyzer},
      {Command::kPitch,
       {character(U'p')},
       kEverywhere,
       "p",
       pitch_words,
       "pitch detection on or off",
       Group::kSound,
       has_analyzer},
      {Command::kBeat,
       {character(U'o')},
       kEverywhere,
       "o",
       beat_words,
       "beat and BPM on or off",
       Group::kSound,
       has_analyzer},
      {Command::kStructure,
       {character(U't')},
       kEverywhere,
       "t",
       structure_words,
       "structure detection on or off: build-ups and drops",
       Group::kSound,
       has_analyzer},
      {Command::kSpectrum,
       {character(U'y')},
       kEverywhere,
       "y",
       spectrum_words,
       "spectrum on or off, as OSC and on the screen",
       Group::kSound,
       has_analyzer},
      {Command::kAnalyzerLogging,
       {character(U'l')},
       kEverywhere,
       "l",
       logging_words,
       "the analyzer's own log lines on or off",
       Group::kSound,
       has_analyzer},

      {Command::kSynesthesia,
       {character(U's')},
       kEverywhere,
       "s",
       synesthesia_words,
       "Synesthesia on or off",
       Group::kApps,
       has_synesthesia},
      {Command::kMilkSyphon,
       {character(U'm')},
       kEverywhere,
       "m",
       milksyphon_words,
       "MilkSyphon on or off",
       Group::kApps,
       has_milksyphon},
      {Command::kAudioAnalyzer,
       {character(U'a')},
       kEverywhere,
       "a",
       analyzer_words,
       "Audio Analyzer on or off",
       Group::kApps,
       has_analyzer},

      {Command::kBenchmark,
       {character(U'b')},
       kEverywhere,
       "b",
       benchmark_words,
       "audio benchmark: ten seconds on the live input",
       Group::kSound,
       has_analyzer},
      {Command::kTap,
       {Key{KeyCode::kEnter}},
       kAudio,
       "Enter",
       "tap",
       "tap the tempo: the beat is now",
       Group::kSound,
       has_analyzer},
      {Command::kHalveTempo,
       {character(U'[')},
       kAudio,
       "[ ]",
       "half/double",
       "halve and double the tempo",
       Group::kSound,
       has_analyzer},
      {Command::kDoubleTempo, {character(U']')}, kAudio, "", {}, "", Group::kSound, has_analyzer},
      {Command::kUp,
       {Key{KeyCode::kUp}, character(U'k')},
       kAudio,
       "↑↓ →",
       "input",
       "select an audio input, and listen to it",
       Group::kSound,
       has_analyzer},
      {Command::kDown, {Key{KeyCode::kDown}, character(U'j')}, kAudio, "", {}, "", Group::kSound, has_analyzer},
      {Command::kTakeInput, {Key{KeyCode::kRight}}, kAudio, "", {}, "", Group::kSound, has_analyzer},
      {Command::kDetach,
       {character(U'd')},
       kEverywhere,
       "d",
       "detach",
       "leave, and let the show go on",
       Group::kConsole,
       nullptr},
      {Command::kMouse,
       {character(U'M')},
       kEverywhere,
       "M",
       {},
       "mouse on or off; off, the terminal selects text",
       Group::kConsole,
       nullptr},
      {Command::kDrawAgain,
       {control(U'l')},
       kEverywhere,
       "Ctrl-L",
       {},
       "draw everything again",
       Group::kConsole,
       nullptr},
      {Command::kClose,
       {Key{KeyCode::kEscape}},
       kEverywhere,
       "Esc",
       {},
       "close what is open, then the message, then the filter",
       Group::kConsole,
       nullptr},
      {Command::kHelp, {character(U'?')}, kEverywhere, "?", "help", "this help", Group::kConsole, nullptr},
      {Command::kQuit,
       {character(U'q')},
       kEverywhere,
       "q",
       "quit",
       "stop all workers and quit; once more to leave without waiting",
       Group::kConsole,
       nullptr},
  };
  return kBindings;
}

bool is_available(const Binding& binding, const Model& model) {
  return binding.available == nullptr || binding.available(model);
}

// The toggles that are in the same state share it: "e p o t y ON  l off".
void add_to_group(std::vector<KeyHint>& hints, std::string_view key, std::string_view state, FooterStyle style) {
  const auto group = std::ranges::find(hints, state, &KeyHint::words);
  if (group == hints.end()) {
    hints.push_back({std::string(key), std::string(state)});
  } else {
    group->keys += format("{}{}", style == FooterStyle::kTight ? "" : " ", key);
  }
}

int width_of(const KeyHint& hint) { return cells(hint.keys) + 1 + cells(hint.words) + kBehindHint; }

}  // namespace

std::optional<wire::AudioToggle> audio_toggle_of(Command command) {
  switch (command) {
    case Command::kEssentia:
      return wire::AudioToggle::kEssentia;
    case Command::kPitch:
      return wire::AudioToggle::kPitch;
    case Command::kBeat:
      return wire::AudioToggle::kBeat;
    case Command::kStructure:
      return wire::AudioToggle::kStructure;
    case Command::kSpectrum:
      return wire::AudioToggle::kSpectrum;
    case Command::kAnalyzerLogging:
      return wire::AudioToggle::kLogging;
    default:
      return std::nullopt;
  }
}

std::optional<Command> command_for(const Model& model, const Key& key) {
  for (const auto& binding : bindings()) {
    const bool is_here = (binding.screens & on(model.screen)) != 0;
    if (is_here && std::ranges::find(binding.keys, key) != binding.keys.end() && is_available(binding, model)) {
      return binding.command;
    }
  }
  return std::nullopt;
}

std::vector<KeyHint> footer_hints(const Model& model, FooterStyle style) {
  std::vector<KeyHint> hints;
  for (const auto& binding : bindings()) {
    const bool is_here = (binding.screens & on(model.screen)) != 0;
    if (!is_here || binding.footer.empty() || !is_available(binding, model)) continue;
    auto words = binding.footer.said(model);
    if (words.empty()) continue;
    const auto toggle = audio_toggle_of(binding.command);
    if (model.screen == Screen::kAudio && toggle && style != FooterStyle::kRoomy) {
      add_to_group(hints, binding.shown, toggle_state(model, *toggle), style);
      continue;
    }
    const bool is_analyzer = model.screen == Screen::kAudio && binding.command == Command::kAudioAnalyzer;
    if (is_analyzer && style == FooterStyle::kTight) words = words.substr(words.rfind(' ') + 1);
    hints.push_back({std::string(binding.shown), std::move(words)});
  }
  return hints;
}

std::vector<KeyHint> footer_hints(const Model& model, int width) {
  const std::size_t kept = model.screen == Screen::kOverview ? 3 : 2;  // detach, help and quit
  std::vector<KeyHint> hints;
  for (const auto style : {FooterStyle::kRoomy, FooterStyle::kGrouped, FooterStyle::kTight}) {
    hints = footer_hints(model, style);
    int needed = -kBehindHint;  // the last one has nothing behind it
    for (const auto& hint : hints) needed += width_of(hint);
    if (needed <= width) return hints;
  }
  int room = width + kBehindHint;
  const std::size_t kept_from = hints.size() - std::min(kept, hints.size());
  // How to leave always has room; then the others as they fit, the arrows last, which everybody tries anyway.
  const auto rank = [&](std::size_t i) { return i >= kept_from ? 0 : hints[i].keys == "↑↓" ? 2 : 1; };
  std::vector<bool> is_fitting(hints.size());
  for (const int wanted : {0, 1, 2}) {
    for (std::size_t i = 0; i < hints.size(); ++i) {
      const int needed = width_of(hints[i]);
      if (rank(i) != wanted || (needed > room && wanted > 0)) continue;
      is_fitting[i] = true;
      room -= needed;
    }
  }
  std::vector<KeyHint> fitting;
  for (std::size_t i = 0; i < hints.size(); ++i) {
    if (is_fitting[i]) fitting.push_back(std::move(hints[i]));
  }
  return fitting;
}

std::vector<HelpGroup> help_groups(const Model& model) {
  std::vector<HelpGroup> groups;
  for (std::size_t g = 0; g < kGroupTitles.size(); ++g) {
    HelpGroup group{kGroupTitles[g], {}};
    for (const auto& binding : bindings()) {
      if (binding.group == static_cast<Group>(g) && !binding.shown.empty() && is_available(binding, model)) {
        group.hints.push_back({std::string(binding.shown), std::string(binding.help)});
      }
    }
    if (!group.hints.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace vj::console
