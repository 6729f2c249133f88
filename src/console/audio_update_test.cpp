#include "console/audio_update.hpp"

#include <doctest/doctest.h>

#include "console/update.hpp"
#include "support/console_models.hpp"

namespace vj::console {
namespace {

using testing::guide_model;
using testing::kNow;
using testing::kWallNow;
using testing::running_worker;
using wire::AudioToggle;

Outcome tell(Model& model, const Message& message, Duration later = 0s) {
  return update(model, message, {.now = kNow + later, .wall_now = kWallNow + later});
}

Effects press(Model& model, const Key& key) { return tell(model, key).effects; }

Model listening(Screen screen = Screen::kAudio) {
  Model model = guide_model({120, 40});
  model.workers.push_back(running_worker("audio_analyzer", 6));
  model.screen = screen;
  (void)tell(model, TimePassed{});  // asks for the features and the inputs
  return model;
}

AudioNews stats_of(wire::AudioStats stats) {
  AudioNews news;
  news.stats = std::move(stats);
  return news;
}

AudioNews answer(AudioWish wish, std::string failure = "") {
  AudioNews news;
  news.answers.push_back({.wish = std::move(wish), .failure = std::move(failure)});
  return news;
}

Effects only(AudioWish wish) { return {wish}; }

TEST_CASE("the features are listened to while the Audio screen shows them, and no longer") {
  Model model = guide_model({120, 40});
  model.workers.push_back(running_worker("audio_analyzer", 6));
  CHECK(tell(model, TimePassed{}).effects.empty());
  CHECK(press(model, character(U'3')) == Effects{AudioWish{FollowAudio{true}}, AudioWish{ListAudioDevices{}}});
  CHECK(tell(model, TimePassed{}).effects.empty());
  CHECK(press(model, character(U'0')) == only(FollowAudio{false}));
}

TEST_CASE("when the input changes, the list of inputs is asked for again") {
  Model model = listening();
  auto stats = *model.audio.stats;
  CHECK(tell(model, stats_of(stats)).effects.empty());
  stats.device = stats.device_id = "";
  stats.reason = "it is gone";
  CHECK(tell(model, stats_of(stats)).effects == only(ListAudioDevices{}));
}

TEST_CASE("the guide's toggles ask the analyzer, and are pending until it says so") {
  const std::pair<char32_t, AudioToggle> keys[] = {{U'e', AudioToggle::kEssentia}, {U'p', AudioToggle::kPitch},
                                                   {U'o', AudioToggle::kBeat},     {U't', AudioToggle::kStructure},
                                                   {U'y', AudioToggle::kSpectrum}, {U'l', AudioToggle::kLogging}};
  for (const auto& [key, toggle] : keys) {
    Model model = listening();
    const auto index = static_cast<std::size_t>(toggle);
    const bool before = model.audio.stats->on[index];
    CHECK(press(model, character(key)) == only(SetAudioToggle{toggle, !before}));
    CHECK(model.audio.pending.contains(toggle));
    auto stats = *model.audio.stats;
    tell(model, stats_of(stats));
    CHECK(model.audio.pending.contains(toggle));
    stats.on[index] = !before;
    tell(model, stats_of(stats));
    CHECK(model.audio.pending.empty());
  }
}

TEST_CASE("they work on every screen, as in the guide") {
  for (int i = 0; i < kScreenCount; ++i) {
    Model model = listening(static_cast<Screen>(i));
    CHECK(press(model, character(U'o')) == only(SetAudioToggle{AudioToggle::kBeat, false}));
    CHECK(press(model, character(U'b')) == only(RunAudioBenchmark{}));
  }
}

TEST_CASE("a toggle that is refused is pending no longer, and says why") {
  Model model = listening();
  press(model, character(U'p'));
  tell(model, answer(SetAudioToggle{AudioToggle::kPitch, false}, "no answer"));
  CHECK(model.audio.pending.empty());
  CHECK(model.notice.is_failure);
  CHECK(model.notice.text == "✗ Pitch: no answer");
}

TEST_CASE("Enter taps, brackets halve and double") {
  Model model = listening();
  CHECK(press(model, Key{KeyCode::kEnter}) == only(TapTempo{}));
  CHECK(press(model, character(U'[')) == only(ScaleTempo{0.5}));
  CHECK(press(model, character(U']')) == only(ScaleTempo{2}));
}

TEST_CASE("without the analyzer its keys say how to get it") {
  Model model = listening();
  model.workers.back().connected = false;
  CHECK(press(model, character(U'b')).empty());
  CHECK(model.notice.text == "audio_analyzer does not run (a starts it)");
}

TEST_CASE("arrows select an input, and the right one listens to it") {
  Model model = listening();
  CHECK(model.audio.selected == 0);  // auto
  press(model, Key{KeyCode::kDown});
  press(model, Key{KeyCode::kDown});
  CHECK(press(model, Key{KeyCode::kRight}) == only(SetAudioDevice{"built-in", "Built-in Microphone"}));
  for (int i = 0; i < 9; ++i) press(model, Key{KeyCode::kDown});
  CHECK(model.audio.selected == 2);
}

TEST_CASE("an input that is wanted and not there can still be seen and left") {
  Model model = listening();
  auto stats = *model.audio.stats;
  stats.wanted = "file:/music/loop.flac";
  tell(model, stats_of(stats));
  CHECK(input_choices(model.audio).back().name == "file:/music/loop.flac");
  CHECK(wanted_choice(model.audio) == 3);
}

TEST_CASE("a benchmark counts down and is over when its result is there") {
  Model model = listening();
  press(model, character(U'b'));
  REQUIRE(model.audio.benchmark_until == kNow + 10s);
  CHECK(press(model, character(U'b')).empty());
  tell(model, stats_of(*model.audio.stats), 1s);  // does not know of it yet
  CHECK(model.audio.benchmark_until.has_value());
  AudioNews news;
  news.benchmark = testing::guide_report();
  tell(model, news, 10s);
  CHECK_FALSE(model.audio.benchmark_until.has_value());
  CHECK(model.audio.benchmark == testing::guide_report());
}

TEST_CASE("a drop is held for a second, also if its own message was missed") {
  Model model = listening();
  AudioNews news;
  news.heard = testing::guide_sound();
  news.heard->features.structure.drops = 1;
  tell(model, news);
  CHECK(model.audio.drop_until == kNow + 1s);
  tell(model, news, 500ms);
  CHECK(model.audio.drop_until == kNow + 1s);
}

TEST_CASE("statistics that change nothing that is shown draw nothing") {
  Model model = listening(Screen::kLogs);
  auto stats = *model.audio.stats;
  stats.report.fps = 100;
  CHECK_FALSE(tell(model, stats_of(stats)).redraw);
  stats.bpm = 128.01;
  CHECK_FALSE(tell(model, stats_of(stats)).redraw);
  stats.bpm = 129;
  CHECK(tell(model, stats_of(stats)).redraw);
  model.screen = Screen::kAudio;
  CHECK(tell(model, stats_of(stats)).redraw);
}

TEST_CASE("a tempo is current for five seconds") {
  Model model = listening(Screen::kOverview);
  CHECK(heard_tempo(model.audio, kNow + 4s) == HeardTempo{.bpm = 128, .synced = true});
  CHECK_FALSE(heard_tempo(model.audio, kNow + 5s).has_value());
  CHECK(next_audio_change(model) == kNow + 5s);
}

TEST_CASE("a tempo that becomes unsure is drawn on every screen") {
  Model model = listening(Screen::kLogs);
  auto stats = *model.audio.stats;
  stats.bpm_confidence = 0.79;
  CHECK(tell(model, stats_of(stats)).redraw);
  CHECK(heard_tempo(model.audio, kNow) == HeardTempo{.bpm = 128, .synced = false});
  stats.bpm_confidence = 0.78;
  CHECK_FALSE(tell(model, stats_of(stats)).redraw);
}

TEST_CASE("text from the bus cannot reach the terminal as it is") {
  Model model = listening();
  auto stats = *model.audio.stats;
  stats.device = "evil\x1b[2J";
  tell(model, stats_of(stats));
  CHECK(model.audio.stats->device.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace vj::console
