#include <doctest/doctest.h>

#include "support/console_drawing.hpp"
#include "support/console_models.hpp"

namespace vj::console {
namespace {

using testing::check_at_every_size;
using testing::drawn;
using testing::guide_model;
using testing::kNow;
using testing::running_worker;
using testing::shows;

Model guide(Size size) {
  Model model = guide_model(size);
  model.workers.push_back(running_worker("audio_analyzer", 6));
  model.screen = Screen::kAudio;
  model.audio.benchmark = testing::guide_report();
  return model;
}

TEST_CASE("the Audio screen of the guide") { check_at_every_size("audio", guide); }

TEST_CASE("the guide's drawing of the Audio screen, word for word") {
  const Model model = guide({120, 40});
  for (const char* words :
       {"Guide Pulse Stack", "⚡ Bass ", "0.78", "· Mids ", "0.45", "· Highs", "0.32", "Overall Energy  █", "0.82",
        "Core Triggers", "● synced  BPM 128.0 (conf 0.95)", "Pitch 440.2 Hz (conf 0.88)", "Structure Signals",
        "↗ BUILD-UP  energy +0.15", "↓ drop      brightness 0.62"}) {
    CAPTURE(words);
    CHECK(shows(model, words));
  }
  CHECK(shows(model, "● 128.0"));
}

TEST_CASE("the Audio screen without an input") {
  check_at_every_size("audio_no_device", [](Size size) {
    Model model = guide(size);
    model.audio.heard.reset();
    model.audio.benchmark.reset();
    auto& stats = *model.audio.stats;
    stats.device = stats.device_id = "";
    stats.reason =
        "there is no audio input: start PipeWire or PulseAudio, or plug one in; it is taken as soon as it is there";
    stats.report = {};
    stats.bpm = 0;
    model.audio.inputs.clear();
    model.workers.back().state = WorkerState::kDegraded;
    return model;
  });
}

TEST_CASE("the Audio screen while its worker is not there") {
  check_at_every_size("audio_no_worker", [](Size size) {
    Model model = testing::troubled_model(size);
    model.screen = Screen::kAudio;
    return model;
  });
}

TEST_CASE("the Audio screen with everything off, in silence, and a benchmark that runs") {
  check_at_every_size("audio_off", [](Size size) {
    Model model = guide(size);
    auto& audio = model.audio;
    audio.heard->features = {};
    audio.heard->key = "";
    audio.stats->on = {};
    audio.stats->bpm = 0;
    audio.stats->silent = true;
    audio.stats->wanted = "file:/home/vj/a folder with quite a long name/loop.flac";
    audio.pending[wire::AudioToggle::kPitch] = true;
    audio.benchmark_until = kNow + 7s;
    audio.selected = 2;
    return model;
  });
}

TEST_CASE("sound that is old is dimmed and says its age") {
  Model model = guide({120, 40});
  model.now = kNow + 12s;
  CHECK(shows(model, "last heard 12 s ago"));
  CHECK(shows(model, "waiting for audio_analyzer"));
  CHECK_FALSE(shows(model, "● 128.0"));
}

TEST_CASE("the marks of the pulse stack light at their levels") {
  Model model = guide({120, 40});
  auto& bands = model.audio.heard->features.levels.bands;
  bands = {0, 0.54F, 0.44F, 0.44F, 0.44F, 0.39F, 0.39F};
  CHECK_FALSE(shows(model, "⚡"));
  bands = {0, 0.55F, 0.46F, 0.46F, 0.46F, 0.41F, 0.41F};
  for (const char* words : {"⚡ Bass", "⚡ Mids", "⚡ Highs"}) CHECK(shows(model, words));
}

TEST_CASE("a beat that is not sure is searched for, and a drop is told in capitals") {
  Model model = guide({120, 40});
  model.audio.heard->features.beat.confidence = 0.79F;
  model.audio.drop_until = kNow + 1s;
  model.audio.followed = true;
  CHECK(shows(model, "○ searching  BPM 128.0 (conf 0.79)"));
  CHECK(shows(model, "○ 128.0 "));  // in the title bar
  CHECK(shows(model, "↓ DROP      brightness 0.62"));
}

TEST_CASE("the title bar and the metrics call no beat synced that is only searched for") {
  Model model = guide({120, 40});
  model.screen = Screen::kOverview;
  CHECK(shows(model, "● 128.0 "));
  CHECK(shows(model, "Audio: ● 128 BPM"));
  model.audio.stats->bpm_confidence = 0.13;
  CHECK(shows(model, "○ 128.0 "));
  CHECK(shows(model, "Audio: ○ 128 BPM"));
}

TEST_CASE("a degraded worker makes the title bar yellow") {
  Model model = guide({120, 40});
  CHECK(shows(model, "VJ Bus 6/6 ✓"));
  model.workers.back().state = WorkerState::kDegraded;
  CHECK(shows(model, "VJ Bus 6/6 ⚠"));
}

TEST_CASE("what was lost and a high latency are warnings with their cause") {
  Model model = guide({120, 40});
  model.audio.benchmark->overruns = 3;
  model.audio.benchmark->verdict = "high";
  model.audio.benchmark->cause = "3 blocks were lost: the machine is too busy to listen";
  CHECK(shows(model, "⚠ high"));
  CHECK(shows(model, "3 blocks were lost"));
}

TEST_CASE("in ASCII the Audio screen has nothing else") {
  Model model = guide({120, 40});
  model.setup.ascii = true;
  for (const char c : drawn(model)) REQUIRE(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("every size of the Audio screen can be drawn") {
  for (int columns = 40; columns < 210; columns += 13) {
    for (int rows = 12; rows < 60; rows += 5) CHECK_FALSE(drawn(guide({columns, rows})).empty());
  }
}

}  // namespace
}  // namespace vj::console
