#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "config/load.hpp"
#include "console/demo/loop.hpp"
#include "console/demo/show.hpp"
#include "console/demo/wave.hpp"
#include "platform/event_loop.hpp"
#include "playback/virtualdj_history.hpp"
#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::console;

namespace {

constexpr int kRate = 8000;

double loudness(const std::vector<float>& samples, int first_bar, int bars) {
  const auto bar = samples.size() / demo::kBars;
  double sum = 0;
  for (std::size_t i = bar * static_cast<std::size_t>(first_bar); i < bar * static_cast<std::size_t>(first_bar + bars);
       ++i) {
    sum += static_cast<double>(samples[i] * samples[i]);
  }
  return std::sqrt(sum / static_cast<double>(bar * static_cast<std::size_t>(bars)));
}

std::vector<playback::HistoryEntry> played_in(const platform::Path& home) {
  for (const auto& file : std::filesystem::directory_iterator(home / "VirtualDJ" / "History")) {
    const auto text = platform::read_file(file.path());
    REQUIRE(text);
    const auto history = playback::parse_history(file.path().filename().string(), *text);
    CHECK(history.problems.empty());
    return history.entries;
  }
  return {};
}

}  // namespace

TEST_CASE("the demo's loop is a minute at its tempo, the same each time, and never clips") {
  const auto loop = demo::loop(kRate);
  CHECK(loop.size() == static_cast<std::size_t>(std::lround(demo::kBars * 4 * 60 / demo::kBeatsPerMinute * kRate)));
  CHECK(loop == demo::loop(kRate));
  CHECK(std::ranges::all_of(loop, [](float sample) { return std::abs(sample) < 1; }));
}

TEST_CASE("the demo's loop falls quiet for the break and comes back with the drop") {
  const auto loop = demo::loop(kRate);
  const double groove = loudness(loop, 8, 8);
  CHECK(loudness(loop, demo::kBreakBar, 4) < groove / 2);
  CHECK(loudness(loop, demo::kDropBar, 8) > groove * 0.8);
}

TEST_CASE("a wave file says its own length, and clips what is too loud") {
  const std::vector<float> samples{0, 1, -2};
  const auto file = demo::wave_file(samples, 44100);
  CHECK(file.size() == 44 + 6);
  CHECK(file.substr(0, 4) == "RIFF");
  CHECK(static_cast<unsigned char>(file[4]) == 42);
  CHECK(static_cast<unsigned char>(file[40]) == 6);
  CHECK(file.substr(44) == std::string("\0\0\xff\x7f\x01\x80", 6));
}

TEST_CASE("the demo has a home, a configuration and ports of its own, and sends OSC to nobody") {
  CHECK(demo::home_of("/run/user/7", "/home/me") == "/run/user/7/vj-demo");
  CHECK(demo::home_of({}, "/home/me") == "/home/me/.cache/vj-demo");
  const auto config = config::load(demo::config_text("/tmp/a \"b\""), "demo");
  REQUIRE(config);
  CHECK(config->virtualdj.paths == std::vector<std::string>{"/tmp/a \"b\"/VirtualDJ"});
  CHECK(config->audio.device == "file:/tmp/a \"b\"/loop.wav");
  CHECK(config->bus.base_command_port != config::default_config().bus.base_command_port);
  CHECK(config->osc.tap != config::default_config().osc.tap);
  for (const auto& target : config->osc.targets) CHECK_FALSE(target.enabled);
}

TEST_CASE("the first console of a demo plays it and clears it away, the second only watches") {
  const test::TemporaryFolder folder;
  const auto home = folder.path() / "demo";
  platform::EventLoop loop;
  std::vector<std::string> problems;
  const auto note = [&](const std::string& problem) { problems.push_back(problem); };
  auto first = demo::Show::open(home);
  REQUIRE(first);
  first->begin(loop, note);
  REQUIRE(played_in(home).size() == 1);
  CHECK(played_in(home).front().track.title == "Demo Loop");
  CHECK(played_in(home).front().logged_at);

  auto second = demo::Show::open(home);
  REQUIRE(second);
  second->begin(loop, note);
  second->remove();
  CHECK(played_in(home).size() == 1);
  CHECK(problems.empty());

  first->remove();
  CHECK_FALSE(std::filesystem::exists(home));
}

TEST_CASE("a demo that cannot write its next track says so") {
  const test::TemporaryFolder folder;
  platform::EventLoop loop;
  std::vector<std::string> problems;
  auto show = demo::Show::open(folder.path() / "demo");
  REQUIRE(show);
  std::filesystem::remove_all(folder.path() / "demo" / "VirtualDJ");
  show->begin(loop, [&](const std::string& problem) { problems.push_back(problem); });
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().contains("VirtualDJ"));
}
