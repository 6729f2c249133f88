#include "audio/beat_net.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace vj::audio {

namespace {

// tanh by a rational function, to float's precision, in a loop that the compiler turns into vector instructions; the
// library's own would be half the cost of the network.
float squash(float x) {
  x = std::clamp(x, -7.9F, 7.9F);
  const float s = x * x;
  const float over =
      x * (4.89352455891786e-03F +
           s * (6.37261928875436e-04F +
                s * (1.48572235717979e-05F +
                     s * (5.12229709037114e-08F +
                          s * (-8.60467152213735e-11F + s * (2.00018790482477e-13F + s * -2.76076847742355e-16F))))));
  const float under =
      4.89352518554385e-03F + s * (2.26843463243900e-03F + s * (1.18534705686654e-04F + s * 1.19825839466702e-06F));
  return over / under;
}

float gate(float x) { return 0.5F + 0.5F * squash(0.5F * x); }

// Log-softmax against not knowing.
void as_belief(std::span<const float> scores, std::span<float> belief) {
  const float highest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (const float score : scores) sum += std::exp(score - highest);
  const float certainty = highest + std::log(sum / static_cast<float>(scores.size()));
  for (std::size_t i = 0; i < scores.size(); ++i) belief[i] = scores[i] - certainty;
}

template <class Weights, class Visit>
void visit_numbers(Weights& w, Visit visit) {
  visit(w.mean);
  visit(w.deviation);
  for (auto* gru : {&w.first, &w.second}) {
    visit(gru->from_input.values);
    visit(gru->from_state.values);
    visit(gru->input_bias);
    visit(gru->state_bias);
  }
  visit(w.head.values);
  visit(w.head_bias);
}

BeatNetWeights empty_weights() {
  constexpr std::size_t kHidden = BeatNetWeights::kHidden, kGates = 3 * kHidden;
  constexpr std::size_t kOut = BeatNetWeights::kPhases + BeatNetWeights::kBar;
  const auto matrix = [](std::size_t rows, std::size_t columns) {
    return Matrix{rows, columns, std::vector<float>(rows * columns)};
  };
  const auto gru = [&](std::size_t inputs) {
    return BeatNetWeights::Gru{matrix(kGates, inputs), matrix(kGates, kHidden), std::vector<float>(kGates),
                               std::vector<float>(kGates)};
  };
  return {.mean = std::vector<float>(BeatInput::kSize),
          .deviation = std::vector<float>(BeatInput::kSize),
          .first = gru(BeatInput::kSize),
          .second = gru(kHidden),
          .head = matrix(kOut, kHidden),
          .head_bias = std::vector<float>(kOut)};
}

}  // namespace

std::size_t beat_net_size() {
  std::size_t count = 0;
  auto weights = empty_weights();
  visit_numbers(weights, [&](const std::vector<float>& part) { count += part.size(); });
  return count;
}

BeatNetWeights beat_net_from(std::span<const float> numbers) {
  VJ_ASSERT(numbers.size() == beat_net_size());
  auto weights = empty_weights();
  visit_numbers(weights, [&](std::vector<float>& part) {
    std::copy_n(numbers.begin(), part.size(), part.begin());
    numbers = numbers.subspan(part.size());
  });
  return weights;
}

BeatNet::Product::Product(const Matrix& matrix, std::span<const float> bias)
    : rows_((matrix.rows + kBlock - 1) / kBlock * kBlock), columns_(matrix.columns) {
  blocks_.resize(rows_ * columns_);
  bias_.resize(rows_);
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    bias_[row] = bias[row];
    for (std::size_t column = 0; column < columns_; ++column) {
      blocks_[(row / kBlock * columns_ + column) * kBlock + row % kBlock] =
          matrix.values[row * matrix.columns + column];
    }
  }
}

void BeatNet::Product::apply(std::span<const float> in, std::span<float> out) const noexcept {
  const float* weights = blocks_.data();
  for (std::size_t first = 0; first < rows_; first += kBlock) {
    std::array<float, kBlock> sums;
    std::copy_n(bias_.data() + first, kBlock, sums.data());
    for (std::size_t column = 0; column < columns_; ++column, weights += kBlock) {
      for (std::size_t i = 0; i < kBlock; ++i) sums[i] += weights[i] * in[column];
    }
    std::copy_n(sums.data(), kBlock, out.data() + first);
  }
}

std::span<const float> BeatNet::Gru::process(std::span<const float> input) noexcept {
  from_input_.apply(input, in_);
  from_state_.apply(state_, kept_);
  for (std::size_t i = 0; i < kHidden; ++i) {
    const float forget = gate(in_[i] + kept_[i]);
    const float keep = gate(in_[kHidden + i] + kept_[kHidden + i]);
    const float candidate = squash(in_[2 * kHidden + i] + forget * kept_[2 * kHidden + i]);
    state_[i] = candidate + keep * (state_[i] - candidate);
  }
  return state_;
}

BeatNet::BeatNet(const BeatNetWeights& weights)
    : first_(weights.first), second_(weights.second), head_(weights.head, weights.head_bias) {
  for (std::size_t i = 0; i < BeatInput::kSize; ++i) {
    mean_[i] = weights.mean[i];
    scale_[i] = 1 / weights.deviation[i];
  }
}

const BeatNet::Belief& BeatNet::process(std::span<const float, BeatInput::kSize> input) noexcept {
  for (std::size_t i = 0; i < input.size(); ++i) normal_[i] = (input[i] - mean_[i]) * scale_[i];
  head_.apply(second_.process(first_.process(normal_)), out_);
  const std::span<const float> scores(out_);
  as_belief(scores.first(kPhases), belief_.phase);
  as_belief(scores.subspan(kPhases, kBar), belief_.place);
  return belief_;
}

void BeatNet::reset() noexcept {
  first_.reset();
  second_.reset();
  belief_ = {};
}

}  // namespace vj::audio
