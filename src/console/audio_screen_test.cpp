#include <algorithm>

#include <doctest/doctest.h>

#include "base/format.hpp"
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

Model with_inputs(Size size) {
  Model model = guide(size);
  auto& audio = model.audio;
  for (const char* name : {"Line In", "Turntable", "uni.source"}) audio.inputs.push_back({name, name, false});
  return model;
}

TEST_CASE("of more inputs than there is room for, the selected one is seen, and where it stands") {
  for (const Size size : {Size{80, 24}, Size{120, 40}, Size{62, 24}}) {
    Model model = with_inputs(size);
    const auto choices = input_choices(model.audio);
    for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
      model.audio.selected = i;
      CAPTURE(i);
      CAPTURE(drawn(model));
      CHECK(
          shows(model, format("▸ {} {}", i == 0 ? "●" : "○", choices[static_cast<std::size_t>(i)].name.substr(0, 9))));
      if (size.columns == 80) CHECK(shows(model, format("{} of 6", i + 1)));
    }
  }
}

TEST_CASE("which input is not there is said in full, with the list and a benchmark below") {
  Model model = with_inputs({80, 24});
  auto& stats = *model.audio.stats;
  stats.device = stats.device_id = "";
  stats.wanted = "uni.monitor";
  stats.reason = "there is no audio input 'uni.monitor'";
  model.audio.selected = wanted_choice(model.audio);
  for (int round = 0; round < 2; ++round) {
    CAPTURE(drawn(model));
    CHECK(shows(model, "⚠ there is no audio input"));
    CHECK(shows(model, "'uni.monitor'"));
    CHECK(shows(model, "▸ ● uni.monitor"));
    model.audio.benchmark.reset();
  }
}

TEST_CASE("two inputs with the same name are told apart by their ids") {
  for (const Size size : {Size{80, 24}, Size{120, 40}}) {
    Model model = guide(size);
    model.audio.inputs = {{"alsa_input.usb-Sound_Card-00.analog-stereo", "USB Sound Card Analog Stereo", false},
                          {"alsa_input.usb-Sound_Card-00.analog-stereo.2", "USB Sound Card Analog Stereo", false}};
    CAPTURE(drawn(model));
    CHECK(shows(model, "stereo)"));
    CHECK(shows(model, "stereo.2)"));
  }
}

TEST_CASE("a label of little room says what is different") {
  const std::vector<AudioInputRow> choices{
      {"auto", "auto", false}, {"twin1.monitor", "Monitor of Twin", true}, {"twin2.monitor", "Monitor of Twin", true}};
  CHECK(input_label(choices, 0, 40) == "auto");
  CHECK(input_label(choices, 1, 40) == "Monitor of Twin (twin1.monitor)");
  CHECK(input_label(choices, 1, 26) == "Monitor o… (twin1.monitor)");
  CHECK(input_label(choices, 2, 17) == "twin2.monitor");
  CHECK(input_label(choices, 2, 11) == "…n2.monitor");
}

TEST_CASE("without an input nothing is shown as heard, whatever was before") {
  for (const Size size : {Size{120, 40}, Size{80, 24}, Size{60, 20}}) {
    Model model = guide(size);
    auto& stats = *model.audio.stats;
    stats.device = stats.device_id = "";
    stats.reason = "it is gone";
    CAPTURE(drawn(model));
    CHECK(shows(model, "○ no input: see Device"));
    for (const char* words : {"⚡", "synced", "BUILD-UP", "128", "0.78", "440", "A minor", "nothing measured"}) {
      CAPTURE(words);
      CHECK_FALSE(shows(model, words));
    }
  }
}

TEST_CASE("the Audio screen that has not been heard of for a while shows no mark of now") {
  Model model = guide({120, 40});
  model.audio.drop_until = kNow + 1s;
  model.now = kNow + 600ms;
  for (const char* words : {"○ last    BPM 128.0", "· Bass", "↗ build-up", "↓ drop "}) CHECK(shows(model, words));
  for (const char* words : {"⚡", "synced", "BUILD-UP", "DROP"}) CHECK_FALSE(shows(model, words));
}

TEST_CASE("the beat in its bar and the bars since the drop are seen at 80 columns") {
  Model model = guide({80, 24});
  auto& structure = model.audio.heard->features.structure;
  structure.drops = 1;
  structure.bars_since_drop = 13;
  CHECK(shows(model, "(conf 0.95)   3/4"));
  CHECK(shows(model, "brightness 0.62   13 bars "));
  model.size = {120, 40};
  CHECK(shows(model, "(conf 0.95)   beat 3 of 4"));
  CHECK(shows(model, "brightness 0.62   13 bars ago"));
  structure.bars_since_drop = 1;
  CHECK(shows(model, "brightness 0.62   1 bar ago"));
}

TEST_CASE("the rows stay where they are when there is no key, and when a part is off") {
  Model model = guide({120, 40});
  const auto row_of = [&](std::string_view words) {
    const std::string text = drawn(model);
    return std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(words)), '\n');
  };
  const auto spectrum = row_of("Spectrum ");
  model.audio.heard->key = "";
  CHECK(shows(model, "  Key –"));
  CHECK(row_of("Spectrum ") == spectrum);
  model.audio.stats->on = {false, false, false, false, true, false};
  CHECK(shows(model, "Key is off (e)"));
  CHECK(row_of("Spectrum ") == spectrum);
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

TEST_CASE(
    "a degraded worker makes the title bar yellow, and so does one that is unknown, and nobody's supervising them") {
  Model model = guide({120, 40});
  CHECK(shows(model, "VJ Bus 6/6 ✓"));
  SUBCASE("degraded") { model.workers.back().state = WorkerState::kDegraded; }
  SUBCASE("unknown") { model.workers.back().state = WorkerState::kUnknown; }
  SUBCASE("nobody supervises them") { model.manager.state = ManagerState::kBackingOff; }
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
  model.audio.stats->device = "";
  for (const char c : drawn(model)) REQUIRE(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("every size of the Audio screen can be drawn") {
  for (int columns = 40; columns < 210; columns += 13) {
    for (int rows = 12; rows < 60; rows += 5) CHECK_FALSE(drawn(guide({columns, rows})).empty());
  }
}

}  // namespace
}  // namespace vj::console
