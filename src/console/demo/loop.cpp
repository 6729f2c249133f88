#include "console/demo/loop.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace vj::console::demo {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kBeat = 60 / kBeatsPerMinute;  // seconds
constexpr int kSixteenthsOfABar = 16;
constexpr double kSixteenth = kBeat / 4;

class Noise {
 public:
  // White, -1…1: xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003).
  float next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 17U;
    state_ ^= state_ << 5U;
    return static_cast<float>(state_) / 2147483648.0F - 1;
  }

 private:
  std::uint32_t state_ = 0x2545F491;
};

// A sine that starts at phase zero, a sample a call: by the recurrence 2 cos(w) y[n-1] - y[n-2], a tenth of what
// std::sin costs, and exact enough for a note.
class Sine {
 public:
  Sine(double hertz, double sample_rate)
      : twice_cosine_(2 * std::cos(kTurn * hertz / sample_rate)), before_(-std::sin(kTurn * hertz / sample_rate)) {}

  double next() {
    const double value = now_;
    now_ = twice_cosine_ * now_ - std::exchange(before_, now_);
    return value;
  }

 private:
  double twice_cosine_, before_, now_ = 0;
};

// Adds sounds to a ring of samples: what outlasts the end goes on at the beginning, so that the loop has no seam.
class Tape {
 public:
  explicit Tape(int sample_rate)
      : rate_(sample_rate), samples_(static_cast<std::size_t>(std::lround(kBars * 4 * kBeat * sample_rate))) {}

  [[nodiscard]] double rate() const { return rate_; }

  // `sound` is asked for its value at each moment of `length` seconds.
  template <class Sound>
  void add(double at, double length, Sound sound) {
    const auto first = static_cast<std::size_t>(std::lround(at * rate_));
    const auto count = static_cast<std::size_t>(length * rate_);
    for (std::size_t i = 0; i < count; ++i) {
      samples_[(first + i) % samples_.size()] += static_cast<float>(sound(static_cast<double>(i) / rate_));
    }
  }

  std::vector<float> finished() {
    for (float& sample : samples_) sample = std::tanh(sample);  // a soft limiter
    return std::move(samples_);
  }

 private:
  double rate_;
  std::vector<float> samples_;
};

void bass_drum(Tape& tape, double at) {
  // A sine that falls from 160 to 50 Hz.
  tape.add(at, 0.3, [](double t) {
    const double phase = 50 * t + 110 * 0.03 * (1 - std::exp(-t / 0.03));
    return 0.9 * std::exp(-t / 0.12) * std::sin(kTurn * phase);
  });
}

void snare(Tape& tape, double at, double level) {
  Noise noise;
  tape.add(at, 0.18, [&, level](double t) {
    return level * std::exp(-t / 0.06) * (0.6 * noise.next() + 0.4 * std::sin(kTurn * 190 * t));
  });
}

void hi_hat(Tape& tape, double at, double level, double length) {
  Noise noise;
  float before = 0;
  tape.add(at, 4 * length, [&, level, length](double t) {
    const float now = noise.next();
    return level * std::exp(-t / length) * (now - std::exchange(before, now));  // the difference is a high-pass
  });
}

void bass_note(Tape& tape, double at, double hertz) {
  static constexpr double kLength = 1.8 * kSixteenth;
  Sine first(hertz, tape.rate()), second(2 * hertz, tape.rate()), third(3 * hertz, tape.rate());
  tape.add(at, kLength, [&](double t) {
    const double edge = std::min({1.0, t / 0.004, (kLength - t) / 0.01});
    return 0.35 * edge * (first.next() + 0.5 * second.next() + 0.25 * third.next());
  });
}

void minor_chord(Tape& tape, double at, double length, double root, double level) {
  std::array notes{Sine(root, tape.rate()), Sine(root * 1.2, tape.rate()), Sine(root * 1.5, tape.rate()),
                   Sine(root * 2, tape.rate())};
  tape.add(at, length, [&](double t) {
    const double edge = std::min({1.0, t / 0.02, (length - t) / 0.02});
    double sum = 0;
    for (Sine& note : notes) sum += note.next();
    return level * edge * sum / static_cast<double>(notes.size());
  });
}

// Noise that grows brighter and louder until the drop.
void riser(Tape& tape, double at, double length) {
  Noise noise;
  double low = 0;
  tape.add(at, length, [&, length](double t) {
    const double share = t / length;
    const double openness = 0.02 + 0.9 * share * share;
    const double white = noise.next();
    low += openness * (white - low);
    return (0.05 + 0.4 * share) * low;
  });
}

void groove_bar(Tape& tape, double start, double root, bool full) {
  static constexpr std::array kBassSteps{2, 3, 6, 7, 10, 11, 14, 15};  // between the drum's beats
  for (int beat = 0; beat < 4; ++beat) bass_drum(tape, start + beat * kBeat);
  for (const int step : kBassSteps) bass_note(tape, start + step * kSixteenth, root);
  for (int step = 2; step < kSixteenthsOfABar; step += 4) hi_hat(tape, start + step * kSixteenth, 0.25, 0.04);
  if (!full) return;
  for (const int beat : {1, 3}) snare(tape, start + beat * kBeat, 0.5);
  for (int step = 0; step < kSixteenthsOfABar; ++step) hi_hat(tape, start + step * kSixteenth, 0.1, 0.012);
}

}  // namespace

std::vector<float> loop(int sample_rate) {
  static constexpr std::array kRoots{55.0, 55.0, 43.65, 49.0};  // A A F G
  Tape tape(sample_rate);
  for (int bar = 0; bar < kBars; ++bar) {
    const double start = bar * 4 * kBeat;
    const double root = kRoots[static_cast<std::size_t>(bar) % kRoots.size()];
    const bool is_quiet = bar >= kBreakBar && bar < kDropBar;
    minor_chord(tape, start, 4 * kBeat, 4 * root, is_quiet ? 0.3 : 0.12);
    if (!is_quiet) groove_bar(tape, start, root, bar >= 8);
    if (bar < kBuildUpBar || bar >= kDropBar) continue;
    // Fourths, eighths, sixteenths: the roll closes up on the drop.
    const int every = bar < kBuildUpBar + 2 ? 4 : bar < kBuildUpBar + 3 ? 2 : 1;
    for (int step = 0; step < kSixteenthsOfABar; step += every) {
      const double along = bar - kBuildUpBar + static_cast<double>(step) / kSixteenthsOfABar;
      snare(tape, start + step * kSixteenth, 0.15 + 0.1 * along);
    }
  }
  riser(tape, kBuildUpBar * 4 * kBeat, (kDropBar - kBuildUpBar) * 4 * kBeat);
  return tape.finished();
}

}  // namespace vj::console::demo
