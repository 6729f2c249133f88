// The learned part of beat tracking: two small recurrent layers that have heard enough music to say, of the sound so
// far, where within a beat and on which beat of the bar it is now. It knows no tempo and keeps no beat: that is the bar
// pointer's part. Trained by scripts/audio/train_beat_net.py. Real-time safe after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/beat_input.hpp"

namespace vj::audio {

// A layer's numbers as the training left them, row by row.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;
};

struct BeatNetWeights {
  static constexpr std::size_t kHidden = 64;
  static constexpr std::size_t kPhases = 16;
  static constexpr std::size_t kBar = 4;

  struct Gru {  // rows: reset, update, candidate, kHidden each
    Matrix from_input, from_state;
    std::vector<float> input_bias, state_bias;
  };
  std::vector<float> mean, deviation;  // of the input
  Gru first, second;
  Matrix head;
  std::vector<float> head_bias;
};

// What is built in.
[[nodiscard]] BeatNetWeights trained_beat_net();
// The same from the numbers themselves, in the order of the members above, exactly beat_net_size() of them; for
// training and benchmarks.
[[nodiscard]] BeatNetWeights beat_net_from(std::span<const float> numbers);
[[nodiscard]] std::size_t beat_net_size();

class BeatNet {
 public:
  static constexpr std::size_t kPhases = BeatNetWeights::kPhases;
  static constexpr std::size_t kBar = BeatNetWeights::kBar;

  // Log-likelihood ratios: above zero, more likely than not knowing.
  struct Belief {
    std::array<float, kPhases> phase{};  // of the beat, in sixteenths of it
    std::array<float, kBar> place{};     // in the bar
  };

  explicit BeatNet(const BeatNetWeights& weights);

  [[nodiscard]] const Belief& process(std::span<const float, BeatInput::kSize> input) noexcept;
  void reset() noexcept;

 private:
  static constexpr std::size_t kHidden = BeatNetWeights::kHidden;
  static constexpr std::size_t kGates = 3 * kHidden;

  // A matrix laid out in blocks of rows, so that a block's sums stay in registers.
  class Product {
   public:
    Product(const Matrix& matrix, std::span<const float> bias);
    void apply(std::span<const float> in, std::span<float> out) const noexcept;

   private:
    static constexpr std::size_t kBlock = 16;
    std::size_t rows_, columns_;
    std::vector<float> blocks_, bias_;
  };

  class Gru {
   public:
    explicit Gru(const BeatNetWeights::Gru& weights)
        : from_input_(weights.from_input, weights.input_bias), from_state_(weights.from_state, weights.state_bias) {}
    std::span<const float> process(std::span<const float> input) noexcept;
    void reset() noexcept { state_.fill(0); }

   private:
    Product from_input_, from_state_;
    std::array<float, kGates> in_{}, kept_{};
    std::array<float, kHidden> state_{};
  };

  std::array<float, BeatInput::kSize> mean_{}, scale_{}, normal_{};
  Gru first_, second_;
  Product head_;
  std::array<float, 32> out_{};
  Belief belief_;
};

}  // namespace vj::audio
