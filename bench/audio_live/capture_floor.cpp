// The least that a listener can do: opens the default input as the analyzer does and notes, in the capture callback
// itself, when each block came and when a click was in it. At the end of its standard input it prints them:
// "block SECONDS" and "click SECONDS", of the monotonic clock.
#include <cmath>
#include <cstdio>
#include <vector>

#include "base/time.hpp"
#include "platform/audio_input.hpp"

namespace {

constexpr int kRate = 44100;
constexpr std::size_t kRingSamples = 1 << 15;
constexpr std::size_t kMostBlocks = 1 << 18;
constexpr float kLoud = 0.2F;
constexpr int kQuietBefore = kRate / 10;  // samples: a click is heard once

class Notes {
 public:
  explicit Notes(vj::platform::SampleRing& ring) : ring_(ring) {
    blocks_.reserve(kMostBlocks);
    clicks_.reserve(kMostBlocks);
  }

  // On the capturing thread, which here is also the ring's reader.
  void take() {
    const auto now = std::chrono::steady_clock::now();
    if (blocks_.size() < kMostBlocks) blocks_.push_back(now);
    float sample = 0;
    while (ring_.read({&sample, 1})) {
      if (std::abs(sample) < kLoud) {
        ++quiet_;
        continue;
      }
      if (quiet_ >= kQuietBefore && clicks_.size() < kMostBlocks) clicks_.push_back(now);
      quiet_ = 0;
    }
  }

  void print() const {
    for (const auto block : blocks_) std::printf("block %.6f\n", vj::to_seconds(block));
    for (const auto click : clicks_) std::printf("click %.6f\n", vj::to_seconds(click));
  }

 private:
  vj::platform::SampleRing& ring_;
  std::vector<vj::Time> blocks_, clicks_;
  int quiet_ = 0;
};

}  // namespace

int main() {
  vj::platform::SampleRing ring(kRingSamples);
  Notes notes(ring);
  {
    const auto input = vj::platform::AudioInput::open(
        "auto", kRate, std::make_shared<vj::platform::AudioOutlet>(ring, [&notes] { notes.take(); }));
    if (!input) {
      std::fprintf(stderr, "%s\n", input.error().message.c_str());
      return 1;
    }
    std::puts("listening");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  }
  notes.print();
  return 0;
}
