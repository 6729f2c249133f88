#include "audio/analyzer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "audio/beat_tracker.hpp"
#include "audio/denormals.hpp"
#include "audio/descriptors.hpp"
#include "audio/levels.hpp"
#include "audio/onset_bands.hpp"
#include "audio/onset_detector.hpp"
#include "audio/pitch.hpp"
#include "audio/structure.hpp"
#include "audio/vector_math.hpp"
#include "base/assert.hpp"

namespace vj::audio {

namespace {

constexpr std::size_t kFast = 1024, kSlow = 2048;
constexpr float kSilence = 1e-4F;     // of full scale: no sample louder
constexpr double kSilentAfter = 0.5;  // seconds
constexpr float kLoudest = 4;

// Windows and bands are laid out for these; others would not fit.
double usable(double sample_rate) {
  VJ_ASSERT(sample_rate == 44100 || sample_rate == 48000);
  return sample_rate;
}

}  // namespace

struct Analyzer::Parts {
  Parts(const AnalyzerSettings& settings, BeatModel model)
      : rate(usable(settings.sample_rate)),
        on(settings.features),
        fast_window(hann_window(kFast)),
        slow_window(hann_window(kSlow)),
        fast(kFast),
        slow(kSlow),
        scale(rate),
        levels(rate, settings.release_seconds),
        spectrum(rate, settings.release_seconds),
        bands(rate, kFast, kHop),
        onsets(rate),
        input(bands, rate / kHop, std::move(model.ears)),
        beats(rate, std::move(model.patterns), model.levels),
        pitch(rate),
        structure(rate),
        descriptors(rate) {
    forget_slow();
  }

  void take(std::span<const float, kHop> samples) noexcept;
  void forget_slow() noexcept;
  void forget_beat() noexcept;
  void forget_structure() noexcept;
  void transform(bool second_hop) noexcept;
  void every_hop(bool second_hop) noexcept;
  void every_second_hop() noexcept;
  void lap(Stage stage) noexcept;

  double rate;
  FeatureSet on;
  std::vector<float> fast_window, slow_window;
  RealFft fast, slow;
  LevelScale scale;
  LevelMeter levels;
  SpectrumMeter spectrum;
  OnsetBands bands;
  OnsetDetector onsets;
  BeatInput input;
  BeatTracker beats;
  PitchTracker pitch;
  StructureListener structure;
  DescriptorMeter descriptors;

  std::array<float, kSlow> recent{};  // samples, oldest first
  Spectrum fast_spectrum, slow_spectrum;
  float peak = 0;
  std::array<float, kSlow / kHop> lowest{}, highest{};  // of the last hops, in any order
  bool still = true, still_before = true;               // nothing moved in the last hop
  bool heard = false;                                   // an onset, since the last second hop
  double quiet_seconds = 1e9;
  std::uint64_t hops = 0;
  Features features;
  std::uint64_t beats_before = 0, drops_before = 0;  // counted before the tracker or the listener began anew
  StageClock clock = nullptr;
  std::uint64_t mark = 0;
  StageTimes times{};
};

void Analyzer::Parts::lap(Stage stage) noexcept {
  if (clock == nullptr) return;
  const auto now = clock();
  times[static_cast<std::size_t>(stage)] += static_cast<std::uint32_t>(now - mark);
  mark = now;
}

void Analyzer::Parts::take(std::span<const float, kHop> samples) noexcept {
  std::copy(recent.begin() + kHop, recent.end(), recent.begin());
  peak = 0;
  float low = kLoudest, high = -kLoudest;
  for (std::size_t i = 0; i < kHop; ++i) {
    const float sample = std::isfinite(samples[i]) ? std::clamp(samples[i], -kLoudest, kLoudest) : 0;
    recent[kSlow - kHop + i] = sample;
    peak = std::max(peak, std::abs(sample));
    low = std::min(low, sample), high = std::max(high, sample);
  }
  lowest[hops % lowest.size()] = low;
  highest[hops % highest.size()] = high;
  // A constant, such as a converter's offset, is no sound, however large.
  const float moves = *std::ranges::max_element(highest) - *std::ranges::min_element(lowest);
  still_before = still;
  still = peak < kSilence || moves < 2 * kSilence;
  quiet_seconds = still ? quiet_seconds + static_cast<double>(kHop) / rate : 0;
  features.silent = quiet_seconds > kSilentAfter;
}

void Analyzer::Parts::forget_slow() noexcept {
  std::ranges::fill(slow.input(), 0.0F);
  slow_spectrum = slow.run();
}

void Analyzer::Parts::forget_beat() noexcept {
  bands.reset();
  onsets.reset();
  input.reset();
  beats.reset();
  beats_before = features.beat.count;
  features.onset = {};
  features.beat = {};
  features.beat.count = beats_before;
}

void Analyzer::Parts::forget_structure() noexcept {
  structure.reset();
  drops_before = features.structure.drops;
  features.structure = {};
  features.structure.drops = drops_before;
}

void Analyzer::Parts::transform(bool second_hop) noexcept {
  const auto fast_in = fast.input();
  const float* const newest = recent.data() + kSlow - kFast;
  for (std::size_t i = 0; i < kFast; ++i) fast_in[i] = newest[i] * fast_window[i];
  fast_spectrum = fast.run();
  // Of 46 ms, which hardly differ from those of a hop later.
  if (!second_hop) return;
  const auto slow_in = slow.input();
  for (std::size_t i = 0; i < kSlow; ++i) slow_in[i] = recent[i] * slow_window[i];
  slow_spectrum = slow.run();
}

void Analyzer::Parts::every_hop(bool second_hop) noexcept {
  const float power =
      sum_of(kSlow - kFast, kSlow, [&](std::size_t i) { return recent[i] * recent[i]; }) / static_cast<float>(kFast);
  scale.follow(power);
  features.levels = levels.process(slow_spectrum, fast_spectrum, power, scale);
  if (on.spectrum && second_hop) {
    const auto bins = spectrum.process(slow_spectrum, scale);
    std::copy(bins.begin(), bins.end(), features.spectrum.begin());
  }
  lap(Stage::kBandLevels);
  if (on.beat) {
    bands.process(fast_spectrum, peak);
    input.listen(bands);
    features.onset = onsets.process(bands, features.silent);
    heard = heard || features.onset.now;
  }
  lap(Stage::kOnset);
}

void Analyzer::Parts::every_second_hop() noexcept {
  if (on.beat) {
    features.beat = beats.process(input.read(), heard, still && still_before);
    features.beat.count += beats_before;
    heard = false;
  }
  lap(Stage::kBeat);
  if (on.pitch) {
    features.pitch = pitch.process(std::span<const float>(recent).last<PitchTracker::kHop>());
  }
  lap(Stage::kPitch);
  if (on.structure) {
    if (features.beat.now && features.beat.place == 1) structure.count_bar();
    features.structure = structure.process(slow_spectrum);
    features.structure.drops += drops_before;
  }
  lap(Stage::kStructure);
  if (on.descriptors) features.descriptors = descriptors.process(slow_spectrum);
  lap(Stage::kDescriptors);
}

Analyzer::Analyzer(const AnalyzerSettings& settings)
    : parts_(std::make_unique<Parts>(settings, trained_beat_model())) {}
Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer&&) noexcept = default;

const Features& Analyzer::process(std::span<const float, kHop> samples) noexcept {
  const DenormalsAreZero guard;
  auto& p = *parts_;
  p.times.fill(0);
  if (p.clock != nullptr) p.mark = p.clock();
  // What is said once is said in one hop.
  p.features.beat.now = p.features.structure.drop = p.features.onset.now = false;
  p.take(samples);
  const bool second_hop = ++p.hops % 2 == 0;
  p.transform(second_hop);
  p.lap(Stage::kFft);
  p.every_hop(second_hop);
  if (second_hop) p.every_second_hop();
  return p.features;
}

const Features& Analyzer::features() const noexcept { return parts_->features; }
bool Analyzer::all_moved() const noexcept { return parts_->hops % 2 == 0; }

void Analyzer::reset() noexcept {
  auto& p = *parts_;
  p.recent.fill(0);
  p.forget_slow();
  p.scale.reset();
  p.levels.reset();
  p.spectrum.reset();
  p.forget_beat();
  p.pitch.reset();
  p.forget_structure();
  p.descriptors.reset();
  p.peak = 0;
  p.lowest.fill(0);
  p.highest.fill(0);
  p.still = p.still_before = true;
  p.heard = false;
  p.quiet_seconds = 1e9;
  p.hops = 0;
  p.features = {};
  p.features.beat.count = p.beats_before;
  p.features.structure.drops = p.drops_before;
}

void Analyzer::set_features(const FeatureSet& features) noexcept {
  auto& p = *parts_;
  const auto before = p.on;
  p.on = features;
  if (before.spectrum != features.spectrum) p.spectrum.reset(), p.features.spectrum = {};
  if (before.beat != features.beat) p.forget_beat();
  if (before.pitch != features.pitch) p.pitch.reset(), p.features.pitch = {};
  if (before.structure != features.structure) p.forget_structure();
  if (before.descriptors != features.descriptors) p.descriptors.reset(), p.features.descriptors = {};
}

const FeatureSet& Analyzer::feature_set() const noexcept { return parts_->on; }
void Analyzer::tap(double seconds_ago) noexcept { parts_->beats.tap(seconds_ago); }
void Analyzer::scale_tempo(double factor) noexcept { parts_->beats.scale(factor); }
void Analyzer::measure_with(StageClock clock) noexcept { parts_->clock = clock; }
const StageTimes& Analyzer::last_times() const noexcept { return parts_->times; }

}  // namespace vj::audio
