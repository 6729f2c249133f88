#include "console/view.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "support/console_drawing.hpp"
#include "support/console_models.hpp"

namespace vj::console {
namespace {

using testing::check_at_every_size;
using testing::drawn;
using testing::guide_model;
using testing::kNow;
using testing::shows;
using testing::troubled_model;

TEST_CASE("the Overview screen of the guide") { check_at_every_size("overview", guide_model); }

TEST_CASE("the Overview screen with everything wrong") { check_at_every_size("overview_troubled", troubled_model); }

TEST_CASE("a worker that its process manager has found running is called adopted") {
  Model model = guide_model({120, 40});
  CHECK_FALSE(shows(model, "adopted"));
  model.workers[1].adopted = true;
  CHECK(shows(model, "adopted 12346"));
  CHECK(shows(model, "pid 12345"));
  model.selected = 1;
  model.details_open = true;
  CHECK(shows(model, "12346, adopted"));
}

WorkerRow& row_of(Model& model, std::string_view name) {
  return *std::ranges::find(model.workers, name, &WorkerRow::name);
}

TEST_CASE("of a long reason the end is shown, and all of it where there is room") {
  const std::string reason =
      "configuration refused (exit code: 78): config.toml:31: unknown key 'prot' in [[osc.target]], did you mean "
      "'port'?";
  Model model = troubled_model({120, 40});
  row_of(model, "osc_debugger").reason = reason;
  CHECK(shows(model, "configuration refused (exit code: 78): config.toml:31: unknown key"));
  CHECK(shows(model, "'prot' in [[osc.target]], did you mean 'port'?, log: Enter"));
  for (const Size size : {Size{120, 24}, Size{80, 24}}) {
    model.size = size;
    CHECK(shows(model, "did you mean 'port'?, log: Enter"));
  }
  model.selected = 3;
  model.details_open = true;
  CHECK(shows(model, "did you mean 'port'?"));
}

TEST_CASE("an app that is not installed says so, and what to do, in its row and among the services") {
  Model model = troubled_model({120, 40});
  auto& app = row_of(model, "synesthesia");
  app.state = WorkerState::kBackingOff;
  app.pid.reset();
  app.restart_at = kNow + 4s;
  app.reason = "could not start: there is no program synesthesia in /opt/vj console/bin/workers, nor on PATH";
  CHECK(shows(model, "there is no program synesthesia: set 'command' in [app.synesthesia]"));
  CHECK(shows(model, "⚠ Synesthesia     not installed: set"));
  CHECK(shows(model, "s Synesthesia …"));
  CHECK_FALSE(shows(model, "Synesthesia ON"));
}

TEST_CASE("the services say of Synesthesia whether it runs, was found running, is there, or is not") {
  Model model = troubled_model({120, 40});
  auto& app = row_of(model, "synesthesia");
  CHECK(shows(model, "✓ Synesthesia     running"));
  app.adopted = true;
  CHECK(shows(model, "✓ Synesthesia     found running"));
  app.state = WorkerState::kStopped;
  CHECK(shows(model, "○ Synesthesia     installed, not"));
  app.installed = false;
  CHECK(shows(model, "○ Synesthesia     not installed: set"));
}

TEST_CASE("workers that there is no room for are counted, and the selected one is whole") {
  for (const Size size : {Size{60, 20}, Size{40, 12}, Size{80, 24}}) {
    Model model = troubled_model(size);
    const int last = static_cast<int>(model.workers.size()) - 1;
    for (model.selected = 0; model.selected <= last; ++model.selected) {
      CAPTURE(model.selected);
      CAPTURE(drawn(model));
      const auto& worker = model.workers[static_cast<std::size_t>(model.selected)];
      const std::string name = worker.is_app ? (model.selected == last ? "MilkSyphon" : "Synesthesia") : worker.name;
      // Its name is there, and what stands below belongs to a name.
      const std::string text = drawn(model);
      CHECK(text.contains("▸"));
      CHECK(text.substr(text.find("▸")).substr(0, 60).contains(name));
      const auto first_row = split(text, '\n')[4];
      CHECK((first_row.contains("●") || first_row.contains("○") || first_row.contains("Apps")));
      if (model.selected == 0) CHECK(text.contains("↓ "));
      if (model.selected == last && size.columns < 80) CHECK(text.contains("↑ "));
    }
  }
  CHECK_FALSE(shows(troubled_model({120, 40}), " more ─┘"));
}

TEST_CASE("the Overview's footer always says how to leave the show running") {
  for (const int columns : {40, 60, 80, 100, 120})
    CHECK(shows(troubled_model({columns, 24}), "d detach  ? help  q quit"));
}

TEST_CASE("the Overview screen before anything is known") {
  check_at_every_size("overview_empty", testing::empty_model);
}

TEST_CASE("the Playback screen of the guide") {
  check_at_every_size("playback", [](Size size) {
    Model model = guide_model(size);
    model.screen = Screen::kPlayback;
    return model;
  });
}

TEST_CASE("the Playback screen with nothing to play") {
  check_at_every_size("playback_empty", [](Size size) {
    Model model = testing::empty_model(size);
    model.screen = Screen::kPlayback;
    return model;
  });
}

TEST_CASE("titles of any length and any script stay in their place") {
  check_at_every_size("playback_long", [](Size size) {
    Model model = troubled_model(size);
    model.screen = Screen::kPlayback;
    auto& track = *model.sources["spotify"].state.track;
    track.artist = "米津玄師 & 🔥 Émilie Simon";
    track.title = std::string(400, 'x');
    track.album = "日本語のとても長いアルバムの名前日本語のとても長いアルバムの名前日本語のとても長いアルバムの名前";
    return model;
  });
}

TEST_CASE("the Logs screen of the guide") {
  check_at_every_size("logs", [](Size size) {
    Model model = guide_model(size);
    model.screen = Screen::kLogs;
    testing::log(model, LogLevel::kWarning, "process_manager",
                 "2025-12-04 21:20:02 - WARNING - ⚠ Worker lyrics_fetcher crashed (exit code: -11)");
    testing::log(model, LogLevel::kInfo, "process_manager",
                 "2025-12-04 21:20:02 - INFO - 🔄 Auto-restarting lyrics_fetcher in 5s (attempt 1/10)");
    testing::log(model, LogLevel::kError, "vj_console", "2025-12-04 21:20:09 - ERROR - ❌ " + std::string(200, 'y'));
    return model;
  });
}

TEST_CASE("the screens of workers that are not there say what they wait for") {
  for (const auto screen : {Screen::kLyrics, Screen::kOsc}) {
    Model model = troubled_model({80, 24});
    model.screen = screen;
    const std::string file = format("waiting_{}_80x24.txt", static_cast<int>(screen));
    CAPTURE(file);
    const std::string text = drawn(model);
    CHECK(text == testing::golden("src/console/testdata/" + file, text));
  }
}

TEST_CASE("the help shows every key") {
  check_at_every_size("help", [](Size size) {
    Model model = troubled_model(size);
    model.help_open = true;
    return model;
  });
}

TEST_CASE("the details of a worker") {
  check_at_every_size("details", [](Size size) {
    Model model = troubled_model(size);
    model.details_open = true;
    return model;
  });
}

TEST_CASE("in ASCII nothing else is drawn, and nothing moves") {
  for (const auto screen : {Screen::kOverview, Screen::kPlayback, Screen::kLogs}) {
    Model model = troubled_model({120, 40});
    model.screen = screen;
    model.setup.ascii = true;
    for (const char c : drawn(model)) REQUIRE(static_cast<unsigned char>(c) < 0x80);
  }
  Model model = guide_model({80, 24});
  model.setup.ascii = true;
  const std::string text = drawn(model);
  CHECK(text == testing::golden("src/console/testdata/overview_ascii_80x24.txt", text));
}

TEST_CASE("a terminal that is too small says which size it has and needs") {
  Model model = guide_model({30, 8});
  CHECK(shows(model, "The terminal is 30x8."));
  CHECK(shows(model, "VJ Console needs 40x12."));
  CHECK(shows(model, "q quits."));
}

TEST_CASE("every size down to one cell can be drawn") {
  for (int columns = 1; columns < 130; columns += 7) {
    for (int rows = 1; rows < 45; rows += 4) {
      for (int screen = 0; screen < kScreenCount; ++screen) {
        Model model = troubled_model({columns, rows});
        model.screen = static_cast<Screen>(screen);
        CHECK_FALSE(drawn(model).empty());
      }
    }
  }
}

TEST_CASE("what is old is said to be old") {
  Model model = guide_model({120, 40});
  model.screen = Screen::kPlayback;
  model.now = kNow + 72s;
  CHECK(shows(model, "1:12 old"));
  CHECK_FALSE(shows(model, "▶ Playing"));
}

TEST_CASE("somebody who reads old lines is told how many came since") {
  Model model = guide_model({80, 24});
  model.screen = Screen::kLogs;
  model.logs.pause({.width = 76, .height = 19});
  CHECK(shows(model, "held, G follows"));
  testing::log(model, LogLevel::kInfo, "x", "2025-12-04 21:20:02 - INFO - new");
  CHECK(shows(model, "+1 new, G follows"));
}

}  // namespace
}  // namespace vj::console
