#include <array>
#include <cmath>

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

constexpr int kTitledRows = 11;     // from which on the blocks have titles
constexpr int kUntitledRows = 9;    // of all without titles
constexpr int kAllRows = 13;        // of the four blocks, without blanks
constexpr int kRoomyRows = 18;      // with blanks between, and the spectrum
constexpr float kBeatFlash = 0.2F;  // of a beat

Element title(const char* words) { return text(words) | theme::name(); }

Element bar(double value) {
  return progress_bar(value) | ftxui::size(ftxui::WIDTH, ftxui::LESS_THAN, kLongestBar) | ftxui::flex;
}

Element pulse(const char* name, float value, float threshold) {
  const bool is_on = value >= threshold;
  return hbox({text("  "), text(is_on ? "⚡ " : "· ") | (is_on ? theme::accent() : theme::faint()),
               text(left_aligned(name, 8)) | theme::name(), bar(static_cast<double>(value)),
               text(format("  {:.2f}", value)) | theme::number()});
}

Element energy(const audio::Levels& levels) {
  return hbox({title("Overall Energy"), text("  "), bar(static_cast<double>(levels.overall)),
               text(format("  {:.2f}", levels.overall)) | theme::number()});
}

Element switched_off(const char* words) { return line(words) | theme::faint(); }

Element beat_line(const audio::Features& f, bool is_on) {
  if (!is_on) return switched_off("  ○ beat is off (o)");
  const auto& beat = f.beat;
  if (f.silent) return switched_off("  ○ idle    silence");
  const std::string tempo =
      beat.bpm > 0 ? format("BPM {:.1f} (conf {:.2f})", beat.bpm, beat.confidence) : std::string("BPM –");
  if (static_cast<double>(beat.confidence) < kSynced) {
    return hbox({text("  ○ searching  ") | theme::of(Health::kWarning), line(tempo)});
  }
  auto mark = text("  ●") | theme::of(Health::kGood);
  if (beat.beat_phase < kBeatFlash) mark = mark | ftxui::bold | ftxui::inverted;
  return hbox({std::move(mark), text(" synced") | theme::of(Health::kGood), text("  "), text(tempo) | theme::number(),
               line(format("   beat {} of 4", beat.place)) | theme::faint()});
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

Element pitch_line(const audio::Pitch& pitch, bool is_on) {
  if (!is_on) return switched_off("  Pitch is off (p)");
  if (pitch.hertz <= 0) return switched_off("  Pitch – (nothing with a pitch)");
  return hbox({text(format("  Pitch {:.1f} Hz", pitch.hertz)) | theme::number(),
               text(format(" (conf {:.2f})", pitch.confidence)),
               line("   " + note_words(pitch.hertz)) | theme::faint()});
}

Element build_up_line(const audio::Structure& structure) {
  Element mark = structure.build_up ? text("  ↗ BUILD-UP") | theme::accent() : text("  ↗ build-up") | theme::faint();
  return hbox({std::move(mark), text(format("  energy {:+.2f}", structure.energy_trend)) | theme::number(),
               line(format("   tension {:.2f}", structure.tension)) | theme::faint()});
}

Element drop_line(const audio::Structure& structure, bool dropped) {
  Element mark = dropped ? text("  ↓ DROP    ") | theme::accent() : text("  ↓ drop    ") | theme::faint();
  const std::string since = structure.drops > 0 ? format("   {} bars ago", structure.bars_since_drop) : "";
  return hbox({std::move(mark), text(format("  brightness {:.2f}", structure.brightness)) | theme::number(),
               line(since) | theme::faint()});
}

Element key_line(const HeardAudio& heard) {
  return line(format("  Key {} ({:.2f})", heard.key, heard.features.descriptors.key_strength)) | theme::faint();
}

Element content(const Model& model, const HeardAudio& heard, int rows) {
  const AudioState& audio = model.audio;
  const audio::Features& f = heard.features;
  const auto is_on = [&](AudioToggle toggle) {
    return !audio.stats || audio.stats->on[static_cast<std::size_t>(toggle)];
  };
  const bool is_roomy = rows >= kRoomyRows;
  Elements lines;
  const auto gap = [&] {
    if (is_roomy) lines.push_back(text(""));
  };
  const auto add_title = [&](const char* words) {
    if (rows >= kTitledRows) lines.push_back(title(words));
  };
  add_title("Guide Pulse Stack");
  lines.push_back(pulse("Bass", f.levels.bass(), kBassPulse));
  lines.push_back(pulse("Mids", f.levels.mids(), kMidsPulse));
  lines.push_back(pulse("Highs", f.levels.highs(), kHighsPulse));
  gap();
  lines.push_back(energy(f.levels));
  gap();
  add_title("Core Triggers");
  lines.push_back(beat_line(f, is_on(AudioToggle::kBeat)));
  lines.push_back(pitch_line(f.pitch, is_on(AudioToggle::kPitch)));
  if (is_on(AudioToggle::kEssentia) && !heard.key.empty() && rows > kRoomyRows) lines.push_back(key_line(heard));
  gap();
  add_title("Structure Signals");
  if (is_on(AudioToggle::kStructure)) {
    lines.push_back(build_up_line(f.structure));
    lines.push_back(drop_line(f.structure, audio.drop_until && *audio.drop_until > model.now));
  } else {
    lines.push_back(switched_off("  structure is off (t)"));
  }
  if (rows >= kAllRows || (rows >= kUntitledRows && rows < kTitledRows)) {
    gap();
    if (!is_on(AudioToggle::kSpectrum)) {
      lines.push_back(hbox({title("Spectrum"), text("  "), switched_off("off (y)")}));
    } else if (rows > kRoomyRows + 3) {
      lines.push_back(title("Spectrum"));
      lines.push_back(hbox({text("  "), spectrum_bars(f.spectrum) | ftxui::flex}) | ftxui::flex);
    } else {
      lines.push_back(hbox({title("Spectrum  "), spectrum_bars(f.spectrum) | ftxui::flex}) | ftxui::flex);
    }
  }
  return ftxui::vbox(std::move(lines));
}

}  // namespace

Element audio_analysis_panel(const Model& model, int rows) {
  constexpr auto kTitle = "Audio Analysis";
  const AudioState& audio = model.audio;
  const auto* stats = current_stats(audio, model.now);
  if (!audio.heard) {
    if (stats == nullptr) return waiting_panel(model, kTitle, "audio_analyzer");
    const bool has_device = !stats->device.empty();
    return panel(kTitle, line(has_device ? "waiting for the first sound" : "waiting for an audio input: see Device") |
                             theme::faint());
  }
  if (!is_stale(audio, model.now)) return panel(kTitle, content(model, *audio.heard, rows));
  return panel(kTitle, content(model, *audio.heard, rows) | ftxui::dim,
               format("last heard {} ago", age(model.now - audio.heard_at)));
}

}  // namespace vj::console
