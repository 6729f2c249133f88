// The learned part of beat tracking, by scripts/audio/train_beat_model.py: what to hear of a moment, and at which
// places of a bar it is heard, for a few patterns of playing.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace vj::audio {

// A network that makes a few features of a moment's onset bands; BeatInput runs it.
struct BeatEars {
  static constexpr std::size_t kBands = 41;  // of OnsetBands at 44.1 kHz
  static constexpr std::size_t kFrames = 5;  // four hops, and the mean of what was before them
  static constexpr std::size_t kInputs = kBands * kFrames;
  static constexpr std::size_t kWide = 48, kNarrow = 24;  // neurons
  static constexpr std::size_t kFeatures = 8;

  // Of each layer, for every input the weights to all neurons, one input after the other; then the biases.
  std::vector<float> wide, narrow, features;
};

// What is heard where: the likelier a feature in a place, the larger its weight there.
struct BeatPatterns {
  static constexpr std::size_t kBins = 64;    // of a bar of four beats
  static constexpr std::size_t kTempos = 12;  // of the prior, evenly spaced in pitch from kSlowest to kFastest
  static constexpr double kSlowest = 58, kFastest = 205;  // BPM

  std::size_t count = 0;
  // At (feature * count + pattern) * kBins + bin: how much a unit of the feature adds to the log-likelihood ratio of
  // that place. The row after the last feature is added always.
  std::vector<float> weights;
  std::vector<float> tempos;  // at pattern * kTempos + cell: the logarithm of how usual that tempo is, with the pattern

  [[nodiscard]] std::size_t row() const { return count * kBins; }
};

// How likely what the pointer takes for the beat is twice, or half, as fast as the beat: the log-odds of each are a
// weighted sum of MetricalLevel's evidence. All zeros: nothing is known of that.
struct BeatLevels {
  static constexpr std::size_t kEvidence = 9;

  std::array<float, kEvidence> twice{}, half{};
};

struct BeatModel {
  BeatEars ears;
  BeatPatterns patterns;
  BeatLevels levels{};
};

// What is built in.
[[nodiscard]] BeatModel trained_beat_model();

}  // namespace vj::audio
