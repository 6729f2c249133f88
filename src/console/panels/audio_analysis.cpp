#include <array>
#include <cmath>
#include <initializer_list>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/spectrum_bars.hpp"
#include "console/status.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;
using wire::AudioToggle;

constexpr int kLongestBar = 60;
constexpr float kBassPulse = 0.55F, kMidsPulse = 0.45F, kHighsPulse = 0.40F;

// What there is to show: what is heard now, what was heard last, or nothing.
enum class Sound { kHeard, kOld, kNone };

// Of each block its lines need to know it, and what room there is.
struct Situation {
  Sound sound = Sound::kNone;
  std::string_view why_none;  // in a few words
  int rows = 0;               // inside the panel
  int width = 0;
};

constexpr int kFewestRows = 8;      // below which only what is missing is said, where nothing is heard
constexpr int kTitledRows = 11;     // from which on the blocks have titles
constexpr int kUntitledRows = 9;    // of all without titles
constexpr int kAllRows = 13;        // of the four blocks, without blanks
constexpr int kRoomyRows = 18;      // with blanks between, and the spectrum
constexpr float kBeatFlash = 0.2F;  // of a beat

Element title(const char* words) { return text(words) | theme::name(); }

Element bar(double value) {
  return progress_bar(value) | ftxui::size(ftxui::WIDTH, ftxui::LESS_THAN, kLongestBar) | ftxui::flex;
}

// A number that nobody has heard is none.
std::string value_words(float value, Sound sound) {
  return sound == Sound::kNone ? std::string("     –") : format("  {:.2f}", value);
}

Element pulse(const char* name, float value, float threshold, Sound sound) {
  const bool is_on = sound == Sound::kHeard && value >= threshold;
  return hbox({text("  "), text(is_on ? "⚡ " : "· ") | (is_on ? theme::accent() : theme::faint()),
               text(left_aligned(name, 8)) | theme::name(), bar(static_cast<double>(value)),
               text(value_words(value, sound)) | theme::number()});
}

Element energy(const audio::Levels& levels, Sound sound) {
  return hbox({title("Overall Energy"), text("  "), bar(static_cast<double>(levels.overall)),
               text(value_words(levels.overall, sound)) | theme::number()});
}

// The first that fits behind what takes `used` cells; the last one where none does.
std::string fitting(std::initializer_list<std::string> words, int used, int width) {
  for (const auto& each : words) {
    if (used + cells(each) <= width) return each;
  }
  return *(words.end() - 1);
}

Element switched_off(const char* words) { return line(words) | theme::faint(); }

Element beat_line(const audio::Features& f, bool is_on, const Situation& now) {
  if (now.sound == Sound::kNone) {
    return hbox({text("  ○ ") | theme::of(Health::kWarning), line(std::string(now.why_none))});
  }
  if (!is_on) return switched_off("  ○ beat is off (o)");
  const auto& beat = f.beat;
  const std::string tempo =
      beat.bpm > 0 ? format("BPM {:.1f} (conf {:.2f})", beat.bpm, beat.confidence) : std::string("BPM –");
  if (now.sound == Sound::kOld) return hbox({text("  ○ last    "), line(tempo)});
  if (f.silent) return switched_off("  ○ idle    silence");
  if (static_cast<double>(beat.confidence) < kSynced) {
    return hbox({text("  ○ searching  ") | theme::of(Health::kWarning), line(tempo)});
  }
  auto mark = text("  ●") | theme::of(Health::kGood);
  if (beat.beat_phase < kBeatFlash) mark = mark | ftxui::bold | ftxui::inverted;
  const std::string place =
      fitting({format("   beat {} of 4", beat.place), format("   {}/4", beat.place)}, 12 + cells(tempo), now.width);
  return hbox({std::move(mark), text(" synced") | theme::of(Health::kGood), text("  "), text(tempo) | theme::number(),
               line(place) | theme::faint()});
}

// "A4 +1 c": the nearest note and how far from it, at concert pitch.
std::string note_words(float hertz) {
  static constexpr std::array kNames{"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
  const double number = 69 + 12 * std::log2(static_cast<double>(hertz) / 440);
  const auto nearest = static_cast<int>(std::lround(number));
  if (nearest < 0) return {};
  return format("{}{} {:+d} c", kNames[static_cast<std::size_t>(nearest % 12)], nearest / 12 - 1,
                static_cast<int>(std::lround((number - nearest) * 100)));
}

Element pitch_line(const audio::Pitch& pitch, bool is_on, Sound sound) {
  if (!is_on) return switched_off("  Pitch is off (p)");
  if (sound == Sound::kNone) return switched_off("  Pitch –");
  if (pitch.hertz <= 0) return switched_off("  Pitch – (nothing with a pitch)");
  return hbox({text(format("  Pitch {:.1f} Hz", pitch.hertz)) | theme::number(),
               text(format(" (conf {:.2f})", pitch.confidence)),
               line("   " + note_words(pitch.hertz)) | theme::faint()});
}

Element build_up_line(const audio::Structure& structure, Sound sound) {
  const bool is_on = sound == Sound::kHeard && structure.build_up;
  Element mark = is_on ? text("  ↗ BUILD-UP") | theme::accent() : text("  ↗ build-up") | theme::faint();
  if (sound == Sound::kNone) return hbox({std::move(mark), switched_off("  energy –       tension –")});
  return hbox({std::move(mark), text(format("  energy {:+.2f}", structure.energy_trend)) | theme::number(),
               line(format("   tension {:.2f}", structure.tension)) | theme::faint()});
}

Element drop_line(const audio::Structure& structure, bool dropped, const Situation& now) {
  const bool is_on = now.sound == Sound::kHeard && dropped;
  Element mark = is_on ? text("  ↓ DROP    ") | theme::accent() : text("  ↓ drop    ") | theme::faint();
  if (now.sound == Sound::kNone) return hbox({std::move(mark), switched_off("  brightness –")});
  const std::string brightness = format("  brightness {:.2f}", structure.brightness);
  std::string since;
  if (structure.bars_since_drop >= 0) {
    const int count = structure.bars_since_drop;
    const std::string bars = format("   {} bar{}", count, count == 1 ? "" : "s");
    since = fitting({bars + " ago", bars}, 12 + cells(brightness), now.width);
  }
  return hbox({std::move(mark), text(brightness) | theme::number(), line(since) | theme::faint()});
}

Element key_line(const HeardAudio& heard, bool is_on) {
  if (!is_on) return switched_off("  Key is off (e)");
  if (heard.key.empty()) return switched_off("  Key –");
  return line(format("  Key {} ({:.2f})", heard.key, heard.features.descriptors.key_strength)) | theme::faint();
}

// The rows stay where they are, whatever is heard.
Element content(const Model& model, const HeardAudio& heard, const Situation& now) {
  const AudioState& audio = model.audio;
  const audio::Features& f = heard.features;
  const auto is_on = [&](AudioToggle toggle) {
    return !audio.stats || audio.stats->on[static_cast<std::size_t>(toggle)];
  };
  const bool is_roomy = now.rows >= kRoomyRows;
  Elements lines;
  const auto gap = [&] {
    if (is_roomy) lines.push_back(text(""));
  };
  const auto add_title = [&](const char* words) {
    if (now.rows >= kTitledRows) lines.push_back(title(words));
  };
  add_title("Guide Pulse Stack");
  lines.push_back(pulse("Bass", f.levels.bass(), kBassPulse, now.sound));
  lines.push_back(pulse("Mids", f.levels.mids(), kMidsPulse, now.sound));
  lines.push_back(pulse("Highs", f.levels.highs(), kHighsPulse, now.sound));
  gap();
  lines.push_back(energy(f.levels, now.sound));
  gap();
  add_title("Core Triggers");
  lines.push_back(beat_line(f, is_on(AudioToggle::kBeat), now));
  lines.push_back(pitch_line(f.pitch, is_on(AudioToggle::kPitch), now.sound));
  if (now.rows > kRoomyRows) lines.push_back(key_line(heard, is_on(AudioToggle::kEssentia)));
  gap();
  add_title("Structure Signals");
  if (is_on(AudioToggle::kStructure)) {
    lines.push_back(build_up_line(f.structure, now.sound));
    lines.push_back(drop_line(f.structure, audio.drop_until && *audio.drop_until > model.now, now));
  } else {
    lines.push_back(switched_off("  structure is off (t)"));
    lines.push_back(text(""));
  }
  if (now.rows >= kAllRows || (now.rows >= kUntitledRows && now.rows < kTitledRows)) {
    gap();
    if (!is_on(AudioToggle::kSpectrum)) {
      lines.push_back(hbox({title("Spectrum"), text("  "), switched_off("off (y)")}));
    } else if (now.rows > kRoomyRows + 3) {
      lines.push_back(title("Spectrum"));
      lines.push_back(hbox({text("  "), spectrum_bars(f.spectrum) | ftxui::flex}) | ftxui::flex);
    } else {
      lines.push_back(hbox({title("Spectrum  "), spectrum_bars(f.spectrum) | ftxui::flex}) | ftxui::flex);
    }
  }
  return ftxui::vbox(std::move(lines));
}

}  // namespace

Element audio_analysis_panel(const Model& model, int width, int rows) {
  constexpr auto kTitle = "Audio Analysis";
  const AudioState& audio = model.audio;
  const auto* stats = current_stats(audio, model.now);
  if (!audio.heard && stats == nullptr) return waiting_panel(model, kTitle, "audio_analyzer");
  Situation now{.sound = Sound::kHeard, .why_none = {}, .rows = rows, .width = width - 4};
  if (stats != nullptr && stats->device.empty()) {
    now.sound = Sound::kNone;
    now.why_none = "no input: see Device";
  } else if (!audio.heard) {
    now.sound = Sound::kNone;
    now.why_none = "waiting for the first sound";
  } else if (is_stale(audio, model.now)) {
    now.sound = Sound::kOld;
  }
  switch (now.sound) {
    case Sound::kHeard:
      return panel(kTitle, content(model, *audio.heard, now));
    case Sound::kOld:
      return panel(kTitle, content(model, *audio.heard, now) | ftxui::dim,
                   format("last heard {} ago", age(model.now - audio.heard_at)));
    case Sound::kNone:
      break;
  }
  if (rows >= kFewestRows) return panel(kTitle, content(model, {}, now) | ftxui::dim);
  return panel(kTitle, beat_line({}, true, now));
}

}  // namespace vj::console
