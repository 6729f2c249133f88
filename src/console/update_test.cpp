#include "console/update.hpp"

#include <doctest/doctest.h>

#include "console/view.hpp"
#include "support/console_drawing.hpp"
#include "support/console_models.hpp"

namespace vj::console {
namespace {

using testing::empty_model;
using testing::example_song;
using testing::guide_model;
using testing::kNow;
using testing::kWallNow;
using testing::running_worker;
using testing::troubled_model;

Outcome tell(Model& model, const Message& message, Duration later = 0s) {
  return update(model, message, {.now = kNow + later, .wall_now = kWallNow + later});
}

Effects press(Model& model, char32_t key) { return tell(model, character(key)).effects; }
Effects press(Model& model, KeyCode code) { return tell(model, Key{code}).effects; }

void type(Model& model, std::u32string_view text) {
  for (const char32_t c : text) press(model, c);
}

Model on(Screen screen) {
  Model model = troubled_model({80, 24});
  model.screen = screen;
  return model;
}

TEST_CASE("pressing 3 shows the audio screen, Tab the next one and Shift-Tab the one before") {
  Model model = guide_model({80, 24});
  press(model, U'3');
  CHECK(model.screen == Screen::kAudio);
  press(model, KeyCode::kTab);
  CHECK(model.screen == Screen::kOsc);
  press(model, KeyCode::kTab);
  press(model, KeyCode::kTab);
  CHECK(model.screen == Screen::kOverview);
  press(model, KeyCode::kBackTab);
  CHECK(model.screen == Screen::kLogs);
}

TEST_CASE("a click on a tab shows its screen, at every width") {
  for (const int columns : {120, 80, 60, 45}) {
    Model model = guide_model({columns, 24});
    int digit = 0;
    while (render(model).at(digit, 1) != "5") ++digit;
    tell(model, Mouse{MouseAction::kPress, digit, 1});
    CHECK(model.screen == Screen::kLogs);
    tell(model, Mouse{MouseAction::kPress, 2, 5});
    CHECK(model.screen == Screen::kLogs);
  }
}

TEST_CASE("q stops everything and then leaves; a second q does not wait") {
  Model model = guide_model({80, 24});
  CHECK(press(model, U'q') == Effects{StopEverything{}});
  CHECK(model.notice.text == "stopping workers…");
  CHECK(tell(model, EverythingStopped{}).effects == Effects{Leave{Leaving::kStopped}});
  CHECK(press(model, U'q') == Effects{Leave{Leaving::kForced}});
}

TEST_CASE("with nothing running q leaves at once") {
  Model model = empty_model({80, 24});
  model.manager.state = ManagerState::kAbsent;
  CHECK(press(model, U'q') == Effects{Leave{Leaving::kStopped}});
}

TEST_CASE("q before the process manager is found stops what has been started meanwhile") {
  Model model = empty_model({80, 24});
  CHECK(press(model, U'q') == Effects{StopEverything{}});
}

TEST_CASE("q also stops workers whose process manager has gone") {
  Model model = guide_model({80, 24});
  model.manager = {};
  CHECK(press(model, U'q') == Effects{StopEverything{}});
}

TEST_CASE("when not everything could be stopped the console stays and says so") {
  Model model = guide_model({80, 24});
  press(model, U'q');
  CHECK(tell(model, EverythingStopped{"no answer"}).effects.empty());
  CHECK(model.notice.is_failure);
  CHECK(press(model, U'q') == Effects{StopEverything{}});
}

TEST_CASE("with confirm_quit the first q asks, and Esc takes it back") {
  Model model = guide_model({80, 24});
  model.setup.confirm_quit = true;
  CHECK(press(model, U'q').empty());
  press(model, KeyCode::kEscape);
  CHECK(model.notice.text.empty());
  CHECK(press(model, U'q').empty());
  CHECK(press(model, U'q') == Effects{StopEverything{}});
}

TEST_CASE("d leaves the show alone") {
  Model model = guide_model({80, 24});
  CHECK(press(model, U'd') == Effects{Leave{Leaving::kDetached}});
}

TEST_CASE("a pasted q is not a q") {
  Model model = guide_model({80, 24});
  CHECK(tell(model, Paste{"q"}).effects.empty());
}

TEST_CASE("arrows select, and r and x are about what is selected") {
  Model model = guide_model({80, 24});
  press(model, KeyCode::kDown);
  CHECK(press(model, U'r') == Effects{Ask{"virtualdj_monitor", Asked::kRestart}});
  CHECK(press(model, U'x') == Effects{Ask{"virtualdj_monitor", Asked::kStop}});
  for (int i = 0; i < 20; ++i) press(model, KeyCode::kDown);
  CHECK(model.selected == 4);
  for (int i = 0; i < 20; ++i) press(model, KeyCode::kUp);
  CHECK(model.selected == 0);
}

TEST_CASE("x starts what is stopped or failed, and stops everything else") {
  Model model = troubled_model({80, 24});
  const auto asked_of = [&](int index) {
    model.selected = index;
    return press(model, U'x');
  };
  CHECK(asked_of(2) == Effects{Ask{"lyrics_fetcher", Asked::kStop}});  // it backs off: no more restarts
  CHECK(asked_of(3) == Effects{Ask{"osc_debugger", Asked::kStart}});
  CHECK(asked_of(5) == Effects{Ask{"audio_analyzer", Asked::kStart}});
  CHECK(press(model, U's') == Effects{Ask{"synesthesia", Asked::kStop}});
  CHECK(press(model, U'm') == Effects{Ask{"milksyphon", Asked::kStart}});
}

TEST_CASE("the outcome of a request is said: good news for a while, bad news until it is closed") {
  Model model = guide_model({80, 24});
  press(model, U'r');
  CHECK(model.asked.contains("spotify_monitor"));
  tell(model, Answered{"spotify_monitor", Asked::kRestart, ""});
  CHECK(model.notice.text == "✓ spotify_monitor restarted");
  CHECK(model.asked.empty());
  CHECK(tell(model, TimePassed{}, 6s).redraw);
  CHECK(model.notice.text.empty());
  tell(model, Answered{"spotify_monitor", Asked::kStart, "already running"}, 6s);
  CHECK(model.notice.text == "✗ spotify_monitor was not started: already running");
  tell(model, TimePassed{}, 1h);
  CHECK(model.notice.is_failure);
  tell(model, Key{KeyCode::kEscape}, 1h);
  CHECK(model.notice.text.empty());
}

TEST_CASE("without a process manager everything is asked all the same, and it is said that one is started first") {
  Model model = troubled_model({80, 24});
  for (const auto state :
       {ManagerState::kAbsent, ManagerState::kStarting, ManagerState::kBackingOff, ManagerState::kFailed}) {
    model.manager.state = state;
    model.selected = 3;
    CHECK(press(model, U'r') == Effects{Ask{"osc_debugger", Asked::kRestart}});
    CHECK(press(model, U'x') == Effects{Ask{"osc_debugger", Asked::kStart}});
    CHECK(press(model, U'm') == Effects{Ask{"milksyphon", Asked::kStart}});
    CHECK(model.notice.text == "starting the process manager first…");
    CHECK_FALSE(model.notice.is_failure);
  }
  tell(model, Answered{"milksyphon", Asked::kStart, ""});
  CHECK(model.notice.text == "✓ MilkSyphon started");
}

TEST_CASE("who is quitting starts no process manager") {
  Model model = guide_model({80, 24});
  press(model, U'q');
  model.manager.state = ManagerState::kBackingOff;
  CHECK(press(model, U'r').empty());
  CHECK(model.asked.empty());
}

TEST_CASE("the filter works while it is typed; Enter keeps it, Esc clears it") {
  Model model = on(Screen::kLogs);
  press(model, U'/');
  type(model, U"discovered");
  CHECK(model.logs.size() == 1);
  press(model, KeyCode::kBackspace);
  press(model, KeyCode::kEnter);
  CHECK_FALSE(model.filter_prompt.has_value());
  CHECK(model.logs.filter().pattern() == "discovere");
  press(model, KeyCode::kEscape);
  CHECK(model.logs.filter().empty());
  CHECK(model.logs.size() == 3);
}

TEST_CASE("q in the filter is a letter, and a paste goes in") {
  Model model = on(Screen::kLogs);
  press(model, U'/');
  CHECK(press(model, U'q').empty());
  tell(model, Paste{"uit\n"});
  CHECK(model.filter_prompt == "quit");
}

TEST_CASE("a bad pattern is said at once, and gone once it is good") {
  Model model = on(Screen::kLogs);
  press(model, U'/');
  type(model, U"(a");
  CHECK(model.notice.is_failure);
  type(model, U")");
  CHECK(model.notice.text.empty());
}

TEST_CASE("Space holds the list, G follows") {
  Model model = on(Screen::kLogs);
  press(model, U' ');
  CHECK_FALSE(model.logs.following());
  press(model, U'G');
  CHECK(model.logs.following());
}

TEST_CASE("plus and minus move the level between everything and errors") {
  Model model = on(Screen::kLogs);
  press(model, U'+');
  press(model, U'=');
  CHECK(model.logs.minimum_level() == LogLevel::kWarning);
  for (int i = 0; i < 5; ++i) press(model, U'+');
  CHECK(model.logs.minimum_level() == LogLevel::kError);
  for (int i = 0; i < 5; ++i) press(model, U'-');
  CHECK(model.logs.minimum_level() == LogLevel::kDebug);
}

TEST_CASE("help and details open and close, and a screen's key leaves them") {
  Model model = guide_model({80, 24});
  press(model, U'?');
  CHECK(model.help_open);
  press(model, KeyCode::kEscape);
  CHECK_FALSE(model.help_open);
  press(model, KeyCode::kEnter);
  CHECK(model.details_open);
  press(model, U'1');
  press(model, U'0');
  CHECK_FALSE(model.details_open);
}

TEST_CASE("the selection stays with its worker when the list changes") {
  Model model = guide_model({80, 24});
  model.selected = 2;
  auto workers = model.workers;
  workers.erase(workers.begin());
  tell(model, WorkersChanged{workers});
  CHECK(model.workers[static_cast<std::size_t>(model.selected)].name == "lyrics_fetcher");
}

TEST_CASE("statistics that are not on the screen draw nothing") {
  Model model = guide_model({80, 24});
  auto workers = model.workers;
  workers[0].cpu_percent = 5.0;
  model.screen = Screen::kLogs;
  CHECK_FALSE(tell(model, WorkersChanged{workers}).redraw);
  workers[0].cpu_percent = 6.0;
  model.screen = Screen::kOverview;
  CHECK(tell(model, WorkersChanged{workers}).redraw);
  CHECK_FALSE(tell(model, WorkersChanged{workers}).redraw);
}

TEST_CASE("a report that says what we reckoned anyway draws nothing") {
  Model model = guide_model({80, 24});
  auto state = example_song();
  state.position += 1s;
  state.position_at += 1s;
  CHECK_FALSE(tell(model, SourceReported{state}, 1s).redraw);
  state.position += 30s;
  CHECK(tell(model, SourceReported{state}, 1s).redraw);
  state.is_playing = false;
  CHECK(tell(model, SourceReported{state}, 1s).redraw);
}

TEST_CASE("the source that plays is shown, and stays while it plays") {
  Model model = empty_model({80, 24});
  auto virtualdj = example_song();
  virtualdj.source = "virtualdj";
  tell(model, SourceReported{virtualdj});
  CHECK(model.active_source == "virtualdj");
  tell(model, SourceReported{example_song()});
  CHECK(model.active_source == "virtualdj");
  virtualdj.is_playing = false;
  tell(model, SourceReported{virtualdj});
  CHECK(model.active_source == "spotify");
}

TEST_CASE("once it is told which source drives the show, nothing is worked out while the one that tells it is there") {
  Model model = empty_model({80, 24});
  WorkerRow decider = running_worker("lyrics_fetcher", 1);
  tell(model, WorkersChanged{{decider}});
  tell(model, SourceReported{example_song()});
  CHECK(model.active_source == "spotify");
  CHECK(tell(model, ActiveSourceChanged{"virtualdj"}).redraw);
  tell(model, SourceReported{example_song()});
  CHECK(model.active_source == "virtualdj");
  CHECK_FALSE(tell(model, ActiveSourceChanged{"virtualdj"}).redraw);
  decider.connected = false;
  tell(model, WorkersChanged{{decider}});
  tell(model, SourceReported{example_song()});
  CHECK(model.active_source == "spotify");
}

TEST_CASE("log lines that nobody looks at draw nothing") {
  Model model = guide_model({80, 24});
  CHECK_FALSE(tell(model, Logged{{{.level = LogLevel::kInfo, .source = "x", .text = "y"}}}).redraw);
  model.screen = Screen::kLogs;
  CHECK(tell(model, Logged{{{.level = LogLevel::kInfo, .source = "x", .text = "y"}}}).redraw);
}

TEST_CASE("text from outside cannot touch the terminal") {
  Model model = guide_model({80, 24});
  auto state = example_song();
  state.track->title = "\x1b[2Jevil\n\xE2\x80\x8D\xEF\xB8\x8F";
  tell(model, SourceReported{state});
  CHECK(model.sources["spotify"].state.track->title == "[2Jevil ");
  tell(model, Logged{{{.level = LogLevel::kInfo, .source = "x", .text = "⚠️ a\x07 b"}}});
  CHECK(model.logs.line(model.logs.size() - 1).text == "⚠ a b");
}

TEST_CASE("in a terminal that is too small only q does something") {
  Model model = guide_model({30, 8});
  CHECK_FALSE(tell(model, character(U'3')).redraw);
  CHECK(press(model, U'q') == Effects{StopEverything{}});
}

TEST_CASE("with nothing running the screen changes with the minute, and not before") {
  const Model model = empty_model({80, 24});
  CHECK(next_change(model) == kNow + 20s);  // it is 21:15:40
}

TEST_CASE("uptimes tick while they are shown") {
  Model model = guide_model({80, 24});
  model.sources.clear();
  model.audio = {};
  CHECK(next_change(model) == kNow + 1s);
  model.screen = Screen::kLogs;
  CHECK(next_change(model) == kNow + 20s);
}

TEST_CASE("a track that plays ticks with its own seconds, one that is paused does not") {
  Model model = guide_model({80, 24});
  model.screen = Screen::kLogs;
  model.sources["spotify"].state.position = 10s + 700ms;
  CHECK(next_change(model) == kNow + 300ms);
  model.sources["spotify"].state.is_playing = false;
  CHECK(next_change(model) == kNow + 5s);  // when it will be old
}

TEST_CASE("good news goes when its time is over") {
  Model model = empty_model({80, 24});
  model.notice = {.text = "done", .is_failure = false, .until = kNow + 2s};
  CHECK(next_change(model) == kNow + 2s);
}

TEST_CASE("paths inside the home are shown relative to it") {
  Model model = guide_model({120, 40});
  model.setup.home = "/tmp/my show";
  auto rows = model.workers;
  rows[0].state = WorkerState::kFailed;
  rows[0].reason = "configuration refused (exit code: 78): /tmp/my show/config.toml:3: see /tmp/my show/logs";
  rows[1].reason = "no /mnt/tmp/my show/x";
  tell(model, WorkersChanged{rows});
  CHECK(model.workers[0].reason == "configuration refused (exit code: 78): config.toml:3: see logs");
  CHECK(model.workers[1].reason == "no /mnt/tmp/my show/x");
}

TEST_CASE("what a monitor said that has gone is not current, and its reason and retry are not shown") {
  Model model = troubled_model({120, 40});
  model.screen = Screen::kPlayback;
  const auto text = [&] { return testing::drawn(model); };
  CHECK(text().contains("retry"));
  auto rows = model.workers;
  rows[1].connected = false;
  rows[1].state = WorkerState::kStopped;
  rows[1].reason.clear();
  CHECK(tell(model, WorkersChanged{rows}, 100ms).redraw);
  CHECK_FALSE(text().contains("retry"));
  CHECK_FALSE(text().contains("no VirtualDJ folder"));
  CHECK(text().contains("virtualdj_monitor: stopped"));
  tell(model, SourceReported{model.sources["virtualdj"].state}, 200ms);  // was on its way
  CHECK_FALSE(text().contains("retry"));

  rows[0].connected = false;
  rows[0].state = WorkerState::kStopped;
  tell(model, WorkersChanged{rows}, 300ms);
  CHECK_FALSE(text().contains("▶ Playing"));
  CHECK(text().contains("Status: ○ spotify_monitor: stopped"));
  rows[0].connected = true;
  rows[0].state = WorkerState::kRunning;
  tell(model, WorkersChanged{rows}, 400ms);
  tell(model, SourceReported{example_song()}, 500ms);
  CHECK(text().contains("▶ Playing"));
}

}  // namespace
}  // namespace vj::console
