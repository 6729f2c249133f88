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

TEST_CASE("of two inputs with the same name it is told which one is taken") {
  Model model = listening();
  model.audio.inputs = {{"twin1", "Twin", false}, {"twin2", "Twin", false}};
  press(model, Key{KeyCode::kDown});
  CHECK(press(model, Key{KeyCode::kRight}) == only(SetAudioDevice{"twin1", "Twin (twin1)"}));
}

TEST_CASE("an input that is wanted and not there can still be seen and left") {
  Model model = listening();
  auto stats = *model.audio.stats;
  stats.wanted = "file:/music/loop.flac";
  tell(model, stats_of(stats));
  CHECK(input_choices(model.audio).back().name == "file: loop.flac");
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

AudioNews inputs_of(std::vector<AudioInputRow> inputs) {
  AudioNews news = answer(ListAudioDevices{});
  news.inputs = std::move(inputs);
  return news;
}

TEST_CASE("what is plugged in is found: the inputs are listed every three seconds while they are shown") {
  Model model = listening();
  const auto stats = *model.audio.stats;
  tell(model, inputs_of(model.audio.inputs));
  CHECK(tell(model, stats_of(stats), 2s).effects.empty());
  CHECK(tell(model, stats_of(stats), 3s).effects == only(ListAudioDevices{}));
  CHECK(tell(model, stats_of(stats), 9s).effects.empty());  // it has not been answered
  tell(model, answer(ListAudioDevices{}, "no answer"), 9s);
  CHECK(tell(model, stats_of(stats), 11s).effects.empty());
  CHECK(tell(model, stats_of(stats), 12s).effects == only(ListAudioDevices{}));
  tell(model, inputs_of({}), 12s);
  model.screen = Screen::kLogs;
  CHECK(tell(model, stats_of(stats), 20s).effects == only(FollowAudio{false}));
  CHECK(tell(model, stats_of(stats), 30s).effects.empty());
}

TEST_CASE("what is selected stays so when another input comes before it, and is what is wanted when it goes") {
  Model model = listening();
  const auto inputs = model.audio.inputs;
  press(model, Key{KeyCode::kDown});
  press(model, Key{KeyCode::kDown});
  auto more = inputs;
  more.insert(more.begin(), {.id = "new", .name = "New", .is_monitor = false});
  tell(model, inputs_of(more));
  CHECK(press(model, Key{KeyCode::kRight}) == only(SetAudioDevice{"built-in", "Built-in Microphone"}));
  more.pop_back();
  tell(model, inputs_of(more));
  CHECK(model.audio.selected == wanted_choice(model.audio));
}

TEST_CASE("the wanted input is the one with that id, before one with that name") {
  Model model = listening();
  model.audio.inputs = {{"a", "b", false}, {"b", "Line In", false}};
  model.audio.stats->wanted = "b";
  CHECK(wanted_choice(model.audio) == 2);
  model.audio.stats->wanted = "line in";
  CHECK(wanted_choice(model.audio) == 2);
}

TEST_CASE("a chosen input is told once it is open, or what keeps it from that") {
  const SetAudioDevice wish{"uni.monitor", "Uni"};
  Model model = listening();
  const auto before = *model.audio.stats;
  tell(model, answer(wish));
  CHECK(model.notice.text == "audio input: Uni …");
  tell(model, stats_of(before), 100ms);  // does not know of it yet
  CHECK(model.notice.text == "audio input: Uni …");
  auto stats = before;
  stats.wanted = wish.id;
  tell(model, stats_of(stats), 200ms);  // the one before is still open
  CHECK(model.notice.text == "audio input: Uni …");

  SUBCASE("it is there") {
    stats.device = "Uni", stats.device_id = wish.id;
    tell(model, stats_of(stats), 300ms);
    CHECK(model.notice.text == "✓ audio input: Uni");
    CHECK_FALSE(model.notice.is_failure);
  }
  SUBCASE("it is not there") {
    stats.device = stats.device_id = "";
    stats.reason = "there is no audio input 'uni.monitor'";
    tell(model, stats_of(stats), 300ms);  // the reason may be one from before
    CHECK_FALSE(model.notice.is_failure);
    tell(model, stats_of(stats), 1500ms);
    CHECK(model.notice.is_failure);
    CHECK(model.notice.text == "✗ there is no audio input 'uni.monitor'");
    model.notice = {};
    tell(model, stats_of(stats), 2500ms);
    CHECK(model.notice.text.empty());
  }
  SUBCASE("somebody else has chosen another") {
    tell(model, stats_of(before), 1600ms);
    CHECK_FALSE(model.audio.chosen.has_value());
  }
}

TEST_CASE("nobody taps or scales a tempo that is not there") {
  Model model = listening();
  auto& stats = *model.audio.stats;
  const auto refused = [&](const Key& key, std::string_view words) {
    CHECK(press(model, key).empty());
    CHECK(model.notice.is_failure);
    CHECK(model.notice.text == words);
  };
  model.audio.heard->features.beat.bpm = 0;
  CHECK(press(model, Key{KeyCode::kEnter}) == only(TapTempo{}));  // this is how it gets one
  refused(character(U']'), "✗ no tempo to double: none is followed yet");
  model.audio.heard->features.silent = true;
  refused(Key{KeyCode::kEnter}, "✗ no tap: nothing is heard");
  stats.on[static_cast<std::size_t>(AudioToggle::kBeat)] = false;
  refused(Key{KeyCode::kEnter}, "✗ no tap: beat is off (o)");
  stats.device = "";
  refused(Key{KeyCode::kEnter}, "✗ no tap: there is no audio input");
  refused(character(U'['), "✗ no tempo to halve: there is no audio input");
}

TEST_CASE("what was heard is forgotten with its input, also when its last comes late") {
  Model model = listening();
  auto stats = *model.audio.stats;
  model.audio.drop_until = kNow + 1s;
  stats.device = stats.device_id = "";
  AudioNews news = stats_of(stats);
  news.heard = testing::guide_sound();
  tell(model, news);
  CHECK_FALSE(model.audio.heard.has_value());
  CHECK_FALSE(model.audio.drop_until.has_value());
  news.stats->device = "Another";
  tell(model, news);
  CHECK(model.audio.heard.has_value());
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

TEST_CASE("a benchmark without an input is refused at once, with the reason") {
  Model model = listening();
  auto stats = *model.audio.stats;
  stats.device = stats.device_id = "";
  stats.reason = "there is no audio input: plug one in";
  tell(model, stats_of(stats));
  CHECK(press(model, character(U'b')).empty());
  CHECK(model.notice.is_failure);
  CHECK(model.notice.text == "✗ no benchmark: there is no audio input: plug one in");
  CHECK_FALSE(model.audio.benchmark_until);
}

TEST_CASE("what an analyzer said that has gone is not current, until another says something") {
  Model model = listening(Screen::kOverview);
  REQUIRE(heard_tempo(model.audio, model.now));
  model.audio.pending[AudioToggle::kBeat] = false;
  auto rows = model.workers;
  rows.back().connected = false;
  rows.back().state = WorkerState::kStopped;
  CHECK(tell(model, WorkersChanged{rows}, 100ms).redraw);
  CHECK_FALSE(heard_tempo(model.audio, model.now));
  CHECK(current_stats(model.audio, model.now) == nullptr);
  CHECK(is_stale(model.audio, model.now));
  CHECK(model.audio.pending.empty());
  tell(model, stats_of(*model.audio.stats), 150ms);  // was on its way
  CHECK(current_stats(model.audio, model.now) == nullptr);
  rows.back().connected = true;
  tell(model, WorkersChanged{rows}, 200ms);
  CHECK(current_stats(model.audio, model.now) == nullptr);
  tell(model, stats_of(*model.audio.stats), 300ms);
  REQUIRE(heard_tempo(model.audio, model.now));
}

TEST_CASE("without an input there is no tempo") {
  Model model = listening(Screen::kOverview);
  model.audio.stats->device.clear();
  CHECK_FALSE(heard_tempo(model.audio, model.now));
}

}  // namespace
}  // namespace vj::console
