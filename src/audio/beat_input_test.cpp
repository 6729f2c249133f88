#include "audio/beat_input.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "audio/fft.hpp"
#include "support/sounds.hpp"

using namespace vj::audio;
using namespace vj::test;

namespace {

constexpr std::size_t kWindow = 1024, kStep = 256;

// What is heard of every second hop.
std::vector<BeatInput::Features> listen(const Sound& sound) {
  RealFft fft(kWindow);
  const auto window = hann_window(kWindow);
  OnsetBands bands(kRate, kWindow, kStep);
  BeatInput input(bands, kRate / kStep, trained_beat_model().ears);
  std::vector<BeatInput::Features> heard;
  for (std::size_t hop = 0; hop * kStep + kWindow <= sound.size(); ++hop) {
    float peak = 0;
    const auto samples = fft.input();
    for (std::size_t i = 0; i < kWindow; ++i) {
      const float sample = sound[hop * kStep + i];
      samples[i] = sample * window[i];
      if (i >= kWindow - kStep) peak = std::max(peak, std::abs(sample));
    }
    bands.process(fft.run(), peak);
    input.listen(bands);
    if (hop % 2 == 1) heard.push_back(input.read());
  }
  return heard;
}

float furthest_apart(const BeatInput::Features& a, const BeatInput::Features& b) {
  float most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

float range(const std::vector<BeatInput::Features>& heard) {
  float most = 0;
  for (const auto& moment : heard) most = std::max(most, furthest_apart(moment, heard.front()));
  return most;
}

}  // namespace

TEST_CASE("what is heard of a beat is the same at a tenth of the loudness") {
  const Sound loud = four_on_the_floor(120, 4);
  Sound quiet = loud;
  for (float& sample : quiet) sample *= 0.1F;
  const auto one = listen(loud), other = listen(quiet);
  REQUIRE(one.size() == other.size());
  REQUIRE(range(one) > 0.5F);
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(furthest_apart(one[i], other[i]) < 0.01F * range(one));
}

TEST_CASE("nothing is heard of a tone that goes on, and something when a kick falls on it") {
  Sound sound = sine(440, 6, 0.1);
  mix(sound, kick(), 5);
  const auto heard = listen(sound);
  const auto at = [&](double seconds) { return heard[static_cast<std::size_t>(seconds * kRate / kStep / 2)]; };
  CHECK(furthest_apart(at(4.0), at(4.5)) < 0.05F);
  float most = 0;
  for (double seconds = 4.99; seconds < 5.05; seconds += 0.01)
    most = std::max(most, furthest_apart(at(4.5), at(seconds)));
  CHECK(most > 0.5F);
}
