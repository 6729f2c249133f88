#include "audio/fft.hpp"

#include <cmath>
#include <numbers>

#include <fftw3.h>

#include "base/assert.hpp"

namespace vj::audio {

namespace {

struct Freed {
  void operator()(float* samples) const { fftwf_free(samples); }
  void operator()(std::complex<float>* bins) const { fftwf_free(bins); }
};

using Samples = std::unique_ptr<float[], Freed>;
using Bins = std::unique_ptr<std::complex<float>[], Freed>;

Samples make_samples(std::size_t count) {
  Samples samples(fftwf_alloc_real(count));
  VJ_ASSERT(samples != nullptr);
  return samples;
}

Bins make_bins(std::size_t count) {
  Bins bins(reinterpret_cast<std::complex<float>*>(fftwf_alloc_complex(count)));
  VJ_ASSERT(bins != nullptr);
  return bins;
}

fftwf_complex* as_fftw(const Bins& bins) { return reinterpret_cast<fftwf_complex*>(bins.get()); }

}  // namespace

struct RealFft::Plan {
  explicit Plan(std::size_t n)
      : size(n),
        samples(make_samples(n)),
        bins(make_bins(n / 2 + 1)),
        plan(fftwf_plan_dft_r2c_1d(static_cast<int>(n), samples.get(), as_fftw(bins), FFTW_ESTIMATE)) {
    VJ_ASSERT(plan != nullptr);
    std::fill_n(samples.get(), n, 0.0F);
  }
  ~Plan() { fftwf_destroy_plan(plan); }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  std::size_t size;
  Samples samples;
  Bins bins;
  fftwf_plan plan;
};

RealFft::RealFft(std::size_t size) : plan_(std::make_unique<Plan>(size)) {}
RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;

std::span<float> RealFft::input() noexcept { return {plan_->samples.get(), plan_->size}; }

Spectrum RealFft::run() noexcept {
  fftwf_execute(plan_->plan);
  return {plan_->bins.get(), plan_->size / 2 + 1};
}

struct InverseFft::Plan {
  explicit Plan(std::size_t n)
      : size(n),
        bins(make_bins(n / 2 + 1)),
        samples(make_samples(n)),
        plan(fftwf_plan_dft_c2r_1d(static_cast<int>(n), as_fftw(bins), samples.get(), FFTW_ESTIMATE)) {
    VJ_ASSERT(plan != nullptr);
  }
  ~Plan() { fftwf_destroy_plan(plan); }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  std::size_t size;
  Bins bins;
  Samples samples;
  fftwf_plan plan;
};

InverseFft::InverseFft(std::size_t size) : plan_(std::make_unique<Plan>(size)) {}
InverseFft::~InverseFft() = default;
InverseFft::InverseFft(InverseFft&&) noexcept = default;

std::span<std::complex<float>> InverseFft::input() noexcept { return {plan_->bins.get(), plan_->size / 2 + 1}; }

std::span<const float> InverseFft::run() noexcept {
  fftwf_execute(plan_->plan);
  return {plan_->samples.get(), plan_->size};
}

std::vector<float> hann_window(std::size_t size) {
  std::vector<float> window(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double turn = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(size);
    window[i] = static_cast<float>(0.5 - 0.5 * std::cos(turn));
  }
  return window;
}

}  // namespace vj::audio
