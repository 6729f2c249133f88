#include "platform/audio_input.hpp"

#include <array>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::platform;

TEST_CASE("auto takes the monitor of the default output first, then the default input") {
  const AudioDevice microphone{.id = "mic", .name = "Microphone", .is_default = true};
  const AudioDevice monitor{.id = "out.monitor", .name = "Monitor of Out", .monitor = true, .is_default = true};
  const AudioDevice other{.id = "hdmi.monitor", .name = "Monitor of HDMI", .monitor = true};
  CHECK(choose_audio_device("auto", {microphone, other, monitor})->id == "out.monitor");
  CHECK(choose_audio_device("auto", {other, microphone})->id == "mic");
  CHECK(choose_audio_device("auto", {other})->id == "hdmi.monitor");
  CHECK(choose_audio_device("auto", {}).error().code == ErrorCode::kNotFound);
}

TEST_CASE("a device is found by its id, and by its name in either case") {
  const std::vector<AudioDevice> devices{{.id = "a", .name = "b"}, {.id = "b", .name = "Line In"}};
  CHECK(choose_audio_device("b", devices)->id == "b");
  CHECK(choose_audio_device("line in", devices)->id == "b");
  CHECK(choose_audio_device("c", devices).error().message == "there is no audio input 'c'");
  CHECK(choose_audio_device("c", {}).error().message.starts_with(
      "there is no audio input at all, so no 'c' either: start PipeWire"));
}

TEST_CASE("the ring gives back what was put in, in order, also around its end") {
  SampleRing ring(1024);
  std::array<float, 300> in{}, out{};
  float next = 0;
  for (int round = 0; round < 20; ++round) {
    std::iota(in.begin(), in.end(), next);
    ring.write(in, Time(std::chrono::milliseconds(round)));
    REQUIRE(ring.read(out));
    CHECK(out == in);
    CHECK(ring.captured_at() == Time(std::chrono::milliseconds(round)));
    next += 300;
  }
  CHECK(ring.overruns() == 0);
  CHECK(!ring.read(out));
}

TEST_CASE("what does not fit is dropped whole and counted") {
  SampleRing ring(1024);
  const std::array<float, 400> block{};
  for (int i = 0; i < 4; ++i) ring.write(block, Time{});
  CHECK(ring.overruns() == 2);
  CHECK(ring.written() == 800);
  ring.skip_all();
  std::array<float, 1> one{};
  CHECK(!ring.read(one));
  ring.write(block, Time(5s));
  CHECK(ring.read(one));
  CHECK(ring.captured_at() == Time(5s));
}

TEST_CASE("what is shut neither writes nor wakes any more") {
  SampleRing ring(1024);
  int woken = 0;
  AudioOutlet outlet(ring, [&] { ++woken; });
  const std::array<float, 256> block{};
  outlet.write(block, Time{});
  outlet.shut();
  outlet.write(block, Time{});
  CHECK(ring.written() == 256);
  CHECK(woken == 1);
}

TEST_CASE("ALSA's plugins are no devices: what is left is hardware, and the default where there is any") {
  const AudioDevice null{.id = "null", .name = "Discard all samples"}, rate{.id = "samplerate", .name = "Converter"};
  const AudioDevice preset{.id = "default", .name = "Default"}, card{.id = ":0,0", .name = "HDA Intel"};
  CHECK(without_alsa_plugins({null, rate, preset}).empty());
  CHECK(without_alsa_plugins({null, preset, card}) == std::vector{preset, card});
}
