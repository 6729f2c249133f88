// For training the beat model and for judging it, with the program's own ears and its own tracker:
//
//   beat_lab bands OUT WAV…         OUT/NAME.bands: how loud each onset band is, a byte of a fortieth for each band and
//                                   hop of 256, and OUT/NAME.silent: a byte for each hop of 512, 1 in silence
//   beat_lab track OUT MODEL WAV…   OUT/NAME.beats and NAME.tempo, as `vjctl analyze --out` writes them, by the model
//                                   of a text file of train_beat_model.py, or the one built in (-); each beat ends with
//                                   its number in the bar, each line of tempo with what the confidence is made of, then
//                                   seconds and evidence of MetricalLevel and how it counts
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/beat_input.hpp"
#include "audio/beat_patterns.hpp"
#include "audio/beat_tracker.hpp"
#include "audio/denormals.hpp"
#include "audio/fft.hpp"
#include "audio/onset_bands.hpp"
#include "audio/onset_detector.hpp"
#include "base/format.hpp"
#include "platform/audio_file.hpp"

namespace {

using namespace vj;

constexpr int kRate = 44100;
constexpr std::size_t kWindow = 1024;
constexpr float kSilence = 1e-4F;
constexpr int kSilentAfter = static_cast<int>(0.5 * kRate / audio::kHop);
constexpr float kLoudnessSteps = 40;

std::filesystem::path output(const std::string& folder, const std::string& wav, const char* ending) {
  return std::filesystem::path(folder) / (std::filesystem::path(wav).stem().string() + ending);
}

// The part of the analyzer that beats need: a hop of 512 samples at a time.
class Ears {
 public:
  struct Hop {
    bool onset, silent;
  };

  [[nodiscard]] const audio::OnsetBands& bands() const { return bands_; }

  // Calls `each` twice, after each hop of 256. Nothing at the end of the file.
  template <class Each>
  [[nodiscard]] std::optional<Hop> listen(platform::AudioFile& file, Each each) {
    bool onset = false;
    float loudest = 0;
    for (int half = 0; half < 2; ++half) {
      std::copy(recent_.begin() + audio::kHop, recent_.end(), recent_.begin());
      if (file.read(std::span(recent_).last(audio::kHop)) < audio::kHop) return std::nullopt;
      float peak = 0;
      for (const float sample : std::span(recent_).last(audio::kHop)) peak = std::max(peak, std::abs(sample));
      const auto samples = fft_.input();
      for (std::size_t i = 0; i < kWindow; ++i) samples[i] = recent_[i] * window_[i];
      bands_.process(fft_.run(), peak);
      each(bands_);
      quiet_hops_ = peak < kSilence ? quiet_hops_ + 1 : 0;
      onset = onsets_.process(bands_, quiet_hops_ > kSilentAfter).now || onset;
      loudest = std::max(loudest, peak);
    }
    return Hop{onset, loudest < kSilence};
  }

 private:
  std::vector<float> window_ = audio::hann_window(kWindow);
  audio::RealFft fft_{kWindow};
  audio::OnsetBands bands_{kRate, kWindow, audio::kHop};
  audio::OnsetDetector onsets_{kRate};
  std::array<float, kWindow> recent_{};
  int quiet_hops_ = kSilentAfter;
};

void write_bands(platform::AudioFile& file, std::ostream& out, std::ostream& silent) {
  const auto write = [&](const audio::OnsetBands& bands) {
    for (const float loudness : bands.loudness()) {
      const float steps = std::min(255.0F, loudness * kLoudnessSteps + 0.5F);
      out.put(static_cast<char>(static_cast<std::uint8_t>(steps)));
    }
  };
  Ears ears;
  while (const auto hop = ears.listen(file, write)) silent.put(hop->silent ? 1 : 0);
}

bool read_numbers(std::istream& in, std::size_t count, std::vector<float>& numbers) {
  numbers.resize(count);
  for (float& number : numbers) in >> number;
  return static_cast<bool>(in);
}

// Nothing if the file is no such text.
std::optional<audio::BeatModel> read_model(const std::string& path) {
  using E = audio::BeatEars;
  using P = audio::BeatPatterns;
  std::ifstream in(path);
  audio::BeatModel model;
  if (!(in >> model.patterns.count) || model.patterns.count == 0) return std::nullopt;
  const bool whole = read_numbers(in, (E::kInputs + 1) * E::kWide, model.ears.wide) &&
                     read_numbers(in, (E::kWide + 1) * E::kNarrow, model.ears.narrow) &&
                     read_numbers(in, (E::kNarrow + 1) * E::kFeatures, model.ears.features) &&
                     read_numbers(in, (E::kFeatures + 1) * model.patterns.row(), model.patterns.weights) &&
                     read_numbers(in, P::kTempos * model.patterns.count, model.patterns.tempos);
  if (!whole) return std::nullopt;
  // Without them nothing is known of levels.
  for (auto* const weights : {&model.levels.twice, &model.levels.half}) {
    for (float& weight : *weights) in >> weight;
  }
  return model;
}

void track(platform::AudioFile& file, const audio::BeatModel& model, std::ostream& beats, std::ostream& tempo) {
  Ears ears;
  audio::BeatInput input(ears.bands(), kRate / static_cast<double>(audio::kHop), model.ears);
  audio::BeatTracker tracker(kRate, model.patterns, model.levels);
  int hops = 0;
  while (const auto hop = ears.listen(file, [&](const auto& bands) { input.listen(bands); })) {
    const auto& now = tracker.process(input.read(), hop->onset, hop->silent);
    const double time = ++hops * 2.0 * audio::kHop / kRate;
    if (now.now) beats << format("{:.5f} {:.5f} {}\n", time, time + now.offset, now.place);
    if (hops % 8 != 0) continue;
    tempo << format("{:.4f} {:.3f} {:.4f}", time, now.bpm, now.confidence);
    for (const float part : tracker.evidence()) tempo << format(" {:.4f}", part);
    const auto& level = tracker.pointer().level();
    tempo << format(" {:.2f}", level.seconds());
    for (const float part : level.evidence()) tempo << format(" {:.4f}", part);
    tempo << format(" {}\n", tracker.pointer().doublings());
  }
}

int usage() {
  std::fputs("beat_lab bands OUT WAV...\nbeat_lab track OUT MODEL|- WAV...\n", stderr);
  return 2;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  if (arguments.size() < 3) return usage();
  const bool tracking = arguments[0] == "track";
  if (!tracking && arguments[0] != "bands") return usage();
  std::optional<audio::BeatModel> model;
  if (tracking) {
    model = arguments[2] == "-" ? audio::trained_beat_model() : read_model(arguments[2]);
    if (!model) {
      std::fprintf(stderr, "no model in %s\n", arguments[2].c_str());
      return 1;
    }
  }
  const audio::DenormalsAreZero guard;
  for (const auto& path : std::span(arguments).subspan(tracking ? 3 : 2)) {
    auto file = platform::AudioFile::open(path, kRate);
    if (!file) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(), file.error().message.c_str());
      return 1;
    }
    if (tracking) {
      std::ofstream beats(output(arguments[1], path, ".beats")), tempo(output(arguments[1], path, ".tempo"));
      track(*file, *model, beats, tempo);
    } else {
      std::ofstream bands(output(arguments[1], path, ".bands"), std::ios::binary);
      std::ofstream silent(output(arguments[1], path, ".silent"), std::ios::binary);
      write_bands(*file, bands, silent);
    }
  }
  return 0;
}
