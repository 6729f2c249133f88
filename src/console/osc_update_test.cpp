#include "console/osc_update.hpp"

#include <doctest/doctest.h>

#include "console/geometry.hpp"
#include "console/update.hpp"
#include "support/console_drawing.hpp"
#include "support/osc_models.hpp"

namespace vj::console {
namespace {

using testing::drawn;
using testing::guide_osc_model;
using testing::kNow;
using testing::kWallNow;
using testing::osc_row;
using testing::troubled_osc_model;

Outcome tell(Model& model, const Message& message) {
  return update(model, message, {.now = kNow, .wall_now = kWallNow});
}
Effects press(Model& model, char32_t key) { return tell(model, character(key)).effects; }
Effects press(Model& model, KeyCode code) { return tell(model, Key{code}).effects; }

OscHeard heard(std::uint64_t seq) {
  return {{osc_row(seq, testing::kOscTime + 1s, "visuals", "/vj/mood", "s", "calm")}, 0};
}

bool shows(const Model& model, std::string_view words) { return drawn(model).find(words) != std::string::npos; }

TEST_CASE("messages are asked for while the OSC screen is shown, and only then") {
  Model model = testing::guide_model({80, 24});
  CHECK(press(model, U'4') == Effects{FollowOsc{OscInterest::kMessages}});
  CHECK(press(model, U'L') == Effects{FollowOsc{OscInterest::kAddresses}});
  CHECK(press(model, U'?').empty());
  CHECK(press(model, U'5') == Effects{FollowOsc{OscInterest::kStatistics}});
  CHECK(press(model, U'0').empty());
}

TEST_CASE("messages draw while they are followed, and nothing while they are held or out of sight") {
  Model model = guide_osc_model({80, 24});
  CHECK(tell(model, heard(6)).redraw);
  press(model, KeyCode::kDown);
  CHECK_FALSE(tell(model, heard(7)).redraw);
  press(model, U'G');
  CHECK(tell(model, heard(8)).redraw);
  press(model, U'5');
  CHECK_FALSE(tell(model, heard(9)).redraw);
}

TEST_CASE("what only counts up draws nothing while paused; what alarms does") {
  Model model = guide_osc_model({80, 24});
  auto stats = *model.osc_stats;
  stats.total += 500;
  CHECK(tell(model, OscStatsChanged{stats}).redraw);
  CHECK_FALSE(tell(model, OscStatsChanged{stats}).redraw);
  press(model, U' ');
  stats.total += 500;
  CHECK_FALSE(tell(model, OscStatsChanged{stats}).redraw);
  stats.targets[0].problem = "nobody there";
  CHECK(tell(model, OscStatsChanged{stats}).redraw);
  stats.dropped = 1;
  CHECK(tell(model, OscStatsChanged{stats}).redraw);
}

TEST_CASE("somebody who looks further down is told each second how many came since") {
  Model model = guide_osc_model({80, 24});
  press(model, KeyCode::kDown);
  tell(model, heard(6));
  auto stats = *model.osc_stats;
  stats.total += 1;
  CHECK(tell(model, OscStatsChanged{stats}).redraw);
  CHECK(shows(model, "+1 new, G follows"));
}

TEST_CASE("on the Overview only the words of the metric draw") {
  Model model = guide_osc_model({120, 40});
  press(model, U'0');
  CHECK(shows(model, "OSC: 412 msg/s to 2 targets"));
  auto stats = *model.osc_stats;
  stats.total += 1;
  CHECK_FALSE(tell(model, OscStatsChanged{stats}).redraw);
  stats.out_per_second = 380;
  stats.per_second = 500;
  CHECK(tell(model, OscStatsChanged{stats}).redraw);
  CHECK(shows(model, "OSC: 380 msg/s to 2 targets, 120 in"));
  stats.targets[1].problem = "nobody there";
  CHECK(tell(model, OscStatsChanged{stats}).redraw);
  CHECK(shows(model, "OSC: ⚠ 380 msg/s to 1 of 2 targets"));
  press(model, U'5');
  stats.per_second = 600;
  CHECK_FALSE(tell(model, OscStatsChanged{stats}).redraw);
}

TEST_CASE("Space pauses and goes on") {
  Model model = guide_osc_model({80, 24});
  press(model, U' ');
  CHECK(shows(model, "paused, Space goes on"));
  tell(model, heard(6));
  CHECK(shows(model, "paused, +1 new, Space goes on"));
  CHECK_FALSE(shows(model, "calm"));
  press(model, U' ');
  CHECK(shows(model, "calm"));
}

TEST_CASE("the filter of the OSC screen works while it is typed, with its count, and is not that of the log") {
  Model model = guide_osc_model({120, 40});
  press(model, U'/');
  for (const char32_t c : std::u32string_view(U"/audio")) press(model, c);
  CHECK(shows(model, "/ /audio"));
  CHECK(shows(model, "2 of 5"));
  press(model, KeyCode::kEnter);
  CHECK(shows(model, "filter: /audio  2 of 5"));
  CHECK(model.logs.filter().empty());
  press(model, U'/');
  CHECK(model.filter_prompt == "/audio");
  press(model, U'[');
  CHECK(model.notice.is_failure);
  press(model, KeyCode::kEscape);
  CHECK(model.osc.filter().empty());
  CHECK(model.notice.text.empty());
}

TEST_CASE("Enter shows all of a message, arrows the next one, Esc closes") {
  Model model = troubled_osc_model({80, 24});
  press(model, KeyCode::kEnter);
  CHECK(model.details_open);
  CHECK(shows(model, "日本語のとても長い歌の歌詞の行"));
  for (int i = 0; i < 3; ++i) press(model, KeyCode::kDown);
  CHECK(shows(model, "Malformed  type tag string not terminated"));
  CHECK(shows(model, "Bytes      2f 78 00 00 2c 69"));
  press(model, KeyCode::kEscape);
  CHECK_FALSE(model.details_open);
  CHECK_FALSE(model.osc.following());
}

TEST_CASE("details longer than the screen are scrolled to their end and no further") {
  Model model = guide_osc_model({80, 24});
  model.osc.add(osc_row(6, testing::kOscTime, "visuals", "/blob", "b", std::string(10'000, 'f')));
  press(model, KeyCode::kEnter);
  for (int i = 0; i < 100; ++i) press(model, KeyCode::kPageDown);
  const int last = model.details_scroll;
  CHECK(last > 100);
  press(model, KeyCode::kPageUp);
  CHECK(model.details_scroll < last);
  press(model, KeyCode::kDown);
  CHECK(model.details_scroll == 0);
}

TEST_CASE("c forgets the messages here and at the debugger") {
  Model model = guide_osc_model({80, 24});
  CHECK(press(model, U'c') == Effects{ClearOsc{}});
  CHECK(shows(model, "nothing heard yet; whatever is sent to 127.0.0.1:9100 is shown here"));
}

TEST_CASE("the wheel scrolls the messages") {
  Model model = troubled_osc_model({80, 14});
  tell(model, Mouse{MouseAction::kWheelDown, 10, 10});
  CHECK(model.osc.top(osc_rows(model)) == 3);
  tell(model, Mouse{MouseAction::kWheelUp, 10, 10});
  tell(model, Mouse{MouseAction::kWheelUp, 10, 10});
  CHECK(model.osc.following());
}

TEST_CASE("without its debugger the list stays, and is said to be old") {
  Model model = guide_osc_model({80, 24});
  model.workers[3].connected = false;
  model.workers[3].state = WorkerState::kBackingOff;
  model.workers[3].restart_at = kNow + 4s;
  CHECK(shows(model, "⚠ osc_debugger: restarting in 4 s"));
  CHECK(shows(model, "/vj/mood"));
  CHECK_FALSE(shows(model, "412 msg/s"));
}

TEST_CASE("the words of the guide's drawing") {
  Model model = guide_osc_model({60, 20});
  for (const char* words :
       {"┌─══ OSC Debug ══─", "21:15:32 /karaoke/categories [0.85", "21:15:32 /vj/mood energetic",
        "21:15:32 /audio/beat [1, 128.0]", "21:15:32 /audio/levels [0.78, 0.45", "21:15:31 /karaoke/lyric/current"}) {
    CHECK_MESSAGE(shows(model, words), words);
  }
}

TEST_CASE("the OSC screen of the guide") { testing::check_at_every_size("osc", guide_osc_model); }

TEST_CASE("the OSC screen with everything wrong") { testing::check_at_every_size("osc_troubled", troubled_osc_model); }

TEST_CASE("the latest message of each address") {
  testing::check_at_every_size("osc_latest", [](Size size) {
    Model model = troubled_osc_model(size);
    model.osc.toggle_latest();
    return model;
  });
}

TEST_CASE("the details of a malformed message") {
  testing::check_at_every_size("osc_details", [](Size size) {
    Model model = troubled_osc_model(size);
    for (int i = 0; i < 4; ++i) press(model, KeyCode::kDown);
    press(model, KeyCode::kEnter);
    return model;
  });
}

TEST_CASE("every size can be drawn with messages on it, also in ASCII") {
  for (int columns = 1; columns < 140; columns += 9) {
    for (int rows = 1; rows < 45; rows += 5) {
      Model model = troubled_osc_model({columns, rows});
      model.setup.ascii = true;
      press(model, KeyCode::kDown);
      for (const char c : drawn(model)) REQUIRE((static_cast<unsigned char>(c) < 0x80 || columns > 60));
    }
  }
}

}  // namespace
}  // namespace vj::console
