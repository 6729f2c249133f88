// For training the beat patterns and for judging them, with the program's own ears and its own tracker:
//
//   beat_lab levels OUT WAV…             OUT/NAME.levels: what the bar pointer is shown, a byte for each group and hop
//   beat_lab track OUT PATTERNS WAV…     OUT/NAME.beats and NAME.tempo, as `vjctl analyze --out` writes them, by the
//                                        patterns of a text file of train_beat_patterns.py, or those built in (-)
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/analyzer.hpp"
#include "audio/beat_input.hpp"
#include "audio/beat_patterns.hpp"
#include "audio/denormals.hpp"
#include "audio/fft.hpp"
#include "audio/onset_bands.hpp"
#include "base/format.hpp"
#include "platform/audio_file.hpp"

namespace {

using namespace vj;

constexpr int kRate = 44100;
constexpr std::size_t kWindow = 1024;
constexpr float kSilence = 1e-4F;
constexpr std::uint8_t kSilent = 255;

std::filesystem::path output(const std::string& folder, const std::string& wav, const char* ending) {
  return std::filesystem::path(folder) / (std::filesystem::path(wav).stem().string() + ending);
}

// As the analyzer does it, and nothing else.
std::string levels_of(platform::AudioFile& file) {
  const audio::DenormalsAreZero guard;
  const auto window = audio::hann_window(kWindow);
  audio::RealFft fft(kWindow);
  audio::OnsetBands bands(kRate, kWindow, audio::kHop);
  audio::BeatInput input(bands, kRate / (2.0 * audio::kHop));
  std::array<float, kWindow> recent{};
  std::array<float, audio::kHop> hop{};
  std::string out;
  float peak_before = 0;
  for (std::size_t hops = 1; file.read(hop) == hop.size(); ++hops) {
    std::copy(recent.begin() + audio::kHop, recent.end(), recent.begin());
    std::copy(hop.begin(), hop.end(), recent.end() - audio::kHop);
    float peak = 0;
    for (const float sample : hop) peak = std::max(peak, std::abs(sample));
    const auto samples = fft.input();
    for (std::size_t i = 0; i < kWindow; ++i) samples[i] = recent[i] * window[i];
    bands.process(fft.run(), peak);
    if (hops % 2 == 0) {
      const bool silent = std::max(peak, peak_before) < kSilence;
      for (const auto level : input.read(bands)) out += static_cast<char>(silent ? kSilent : level);
    }
    peak_before = peak;
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
  audio::Analyzer analyzer(
      {.sample_rate = kRate, .features = {.descriptors = false, .pitch = false, .structure = false, .spectrum = false}},
      patterns);
  std::array<float, audio::kHop> hop{};
  for (std::uint64_t hops = 1; file.read(hop) == hop.size(); ++hops) {
    const auto& now = analyzer.process(hop).beat;
    const double time = static_cast<double>(hops * audio::kHop) / kRate;
    if (now.now) beats << format("{:.5f} {:.5f}\n", time, time + now.offset);
    if (hops % 16 == 0) tempo << format("{:.4f} {:.3f} {:.4f}\n", time, now.bpm, now.confidence);
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
