// Every key of the console, in one table: dispatch, the footer and the help all come from it, so that no key is
// advertised that does nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/keys.hpp"
#include "console/model.hpp"

namespace vj::console {

enum class Command {
  kShowScreen,  // the one whose digit was pressed
  kNextScreen,
  kPreviousScreen,
  kHelp,
  kQuit,
  kDetach,
  kDrawAgain,
  kMouse,
  kUp,
  kDown,
  kPageUp,
  kPageDown,
  kTop,
  kFollow,
  kPause,
  kDetails,
  kRestart,
  kStartStop,
  kFilter,
  kNextMatch,
  kPreviousMatch,
  kWrap,
  kLatest,
  kClear,
  kHigherLevel,
  kLowerLevel,
  kSynesthesia,
  kMilkSyphon,
  kAudioAnalyzer,
  kEssentia,
  kPitch,
  kBeat,
  kStructure,
  kSpectrum,
  kAnalyzerLogging,
  kBenchmark,
  kTap,
  kHalveTempo,
  kDoubleTempo,
  kTakeInput,
  kClose,
};

// What the key does here and now; nothing if it does nothing.
[[nodiscard]] std::optional<Command> command_for(const Model& model, const Key& key);

// The part of the analysis that it turns on and off; nothing if it does something else.
[[nodiscard]] std::optional<wire::AudioToggle> audio_toggle_of(Command command);

struct KeyHint {
  std::string keys;   // "↑↓"
  std::string words;  // "select", "Synesthesia ON"

  friend bool operator==(const KeyHint&, const KeyHint&) = default;
};

// How the Audio screen's many toggles are said: each with its name, those of one state together, or without blanks
// between them. The other screens' footers are the same in each.
enum class FooterStyle { kRoomy, kGrouped, kTight };

// For the footer of the current screen, most useful first. The last two are always help and quit.
[[nodiscard]] std::vector<KeyHint> footer_hints(const Model& model, FooterStyle style);

// In the roomiest style in which all fit into `width` cells, each with a blank before its words and kBehindHint behind
// them; where none is tight enough, without those that have no room. Help and quit always have, on the Overview detach
// too.
inline constexpr int kBehindHint = 2;
[[nodiscard]] std::vector<KeyHint> footer_hints(const Model& model, int width);

struct HelpGroup {
  std::string title;
  std::vector<KeyHint> hints;
};

// Every key that does something on some screen now.
[[nodiscard]] std::vector<HelpGroup> help_groups(const Model& model);

}  // namespace vj::console
