// For training the beat patterns and for judging them, with the program's own ears and its own tracker:
//
//   beat_lab levels OUT WAV…             OUT/NAME.levels: what the bar pointer is shown, a byte for each group and hop
//   beat_lab track OUT PATTERNS WAV…     OUT/NAME.beats and NAME.tempo, as `vjctl analyze --out` writes them, by the
//                                        patterns of a text file of train_beat_patterns.py, or those built in (-); each
//                                        line of tempo ends with what the confidence is made of
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
constexpr std::uint8_t kSilent = 255;

std::filesystem::path output(const std::string& folder, const std::string& wav, const char* ending) {
  return std::filesystem::path(folder) / (std::filesystem::path(wav).stem().string() + ending);
}

// The part of the analyzer that beats need: a hop of 512 samples at a time.
class Ears {
 public:
  struct Hop {
    audio::BeatInput::Levels levels;
    bool onset, silent;
  };

  // Nothing at the end of the file.
  [[nodiscard]] std::optional<Hop> listen(platform::AudioFile& file) {
    bool onset = false;
    float loudest = 0;
    for (int half = 0; half < 2; ++half) {
      std::copy(recent_.begin() + audio::kHop, recent_.end(), recent_.begin());
      if (file.read(std::span(recent_).last<audio::kHop>()) < audio::kHop) return std::nullopt;
      float peak = 0;
      for (const float sample : std::span(recent_).last<audio::kHop>()) peak = std::max(peak, std::abs(sample));
      const auto samples = fft_.input();
      for (std::size_t i = 0; i < kWindow; ++i) samples[i] = recent_[i] * window_[i];
      bands_.process(fft_.run(), peak);
      quiet_hops_ = peak < kSilence ? quiet_hops_ + 1 : 0;
      onset = onsets_.process(bands_, quiet_hops_ > kSilentAfter).now || onset;
      loudest = std::max(loudest, peak);
    }
    return Hop{input_.read(bands_), onset, loudest < kSilence};
  }

 private:
  std::vector<float> window_ = audio::hann_window(kWindow);
  audio::RealFft fft_{kWindow};
  audio::OnsetBands bands_{kRate, kWindow, audio::kHop};
  audio::OnsetDetector onsets_{kRate};
  audio::BeatInput input_{bands_, kRate / (2.0 * audio::kHop)};
  std::array<float, kWindow> recent_{};
  int quiet_hops_ = kSilentAfter;
};

std::string levels_of(platform::AudioFile& file) {
  Ears ears;
  std::string out;
  while (const auto hop = ears.listen(file)) {
    for (const auto level : hop->levels) out += static_cast<char>(hop->silent ? kSilent : level);
  }
  return out;
}

// Nothing if the file is no such text.
std::optional<audio::BeatPatterns> read_patterns(const std::string& path) {
  std::ifstream in(path);
  std::size_t count = 0;
  audio::BeatPatterns patterns;
  if (!(in >> count) || count == 0) return std::nullopt;
  patterns.patterns.resize(count);
  patterns.ratios.resize(audio::BeatInput::kGroups * audio::BeatInput::kLevels * patterns.row());
  for (std::size_t p = 0; p < count; ++p) {
    in >> patterns.patterns[p].slowest >> patterns.patterns[p].fastest;
    for (std::size_t g = 0; g < audio::BeatInput::kGroups; ++g) {
      for (std::size_t b = 0; b < audio::BeatPatterns::kBins; ++b) {
        for (std::size_t q = 0; q < audio::BeatInput::kLevels; ++q) {
          in >> patterns
                    .ratios[(g * audio::BeatInput::kLevels + q) * patterns.row() + p * audio::BeatPatterns::kBins + b];
        }
      }
    }
  }
  if (!in) return std::nullopt;
  return patterns;
}

void track(platform::AudioFile& file, const audio::BeatPatterns& patterns, std::ostream& beats, std::ostream& tempo) {
  Ears ears;
  audio::BeatTracker tracker(kRate, patterns, {});
  int hops = 0;
  while (const auto hop = ears.listen(file)) {
    const auto& now = tracker.process(hop->levels, hop->onset, hop->silent);
    const double time = ++hops * 2.0 * audio::kHop / kRate;
    if (now.now) beats << format("{:.5f} {:.5f}\n", time, time + now.offset);
    if (hops % 8 != 0) continue;
    tempo << format("{:.4f} {:.3f} {:.4f}", time, now.bpm, now.confidence);
    for (const float part : tracker.evidence()) tempo << format(" {:.4f}", part);
    tempo << '\n';
  }
}

int usage() {
  std::fputs("beat_lab levels OUT WAV...\nbeat_lab track OUT PATTERNS|- WAV...\n", stderr);
  return 2;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  if (arguments.size() < 3) return usage();
  const bool tracking = arguments[0] == "track";
  if (!tracking && arguments[0] != "levels") return usage();
  std::optional<audio::BeatPatterns> patterns;
  if (tracking) {
    patterns = arguments[2] == "-" ? audio::trained_beat_patterns() : read_patterns(arguments[2]);
    if (!patterns) {
      std::fprintf(stderr, "no patterns in %s\n", arguments[2].c_str());
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
      track(*file, *patterns, beats, tempo);
    } else {
      std::ofstream(output(arguments[1], path, ".levels"), std::ios::binary) << levels_of(*file);
    }
  }
  return 0;
}
