#include "platform/audio_file.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <vector>

#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>

#include "base/format.hpp"
#include "platform/system_error.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

namespace {

struct Closed {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

// Which file it is, and with which content.
struct Identity {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_s = 0;
  std::int64_t modified_ns = 0;

  static Identity of(const struct stat& status) {
#ifdef __APPLE__
    const auto& modified = status.st_mtimespec;
#else
    const auto& modified = status.st_mtim;
#endif
    return {.device = status.st_dev,
            .inode = status.st_ino,
            .size = status.st_size,
            .modified_s = modified.tv_sec,
            .modified_ns = modified.tv_nsec};
  }
  // Nothing where there is no file.
  static std::optional<Identity> at(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 ? std::optional(of(status)) : std::nullopt;
  }
  friend bool operator==(const Identity&, const Identity&) = default;
};

constexpr int kSlowest = 8000, kFastest = 192000, kMostChannels = 64;
constexpr std::size_t kBlock = 4096;  // frames read at once
constexpr int kLobes = 16;            // of the interpolating sinc, either side

// Changes the rate by a windowed sinc, which also takes out what the new rate cannot hold.
class RateChanger {
 public:
  RateChanger(double from, double to)
      : step_(from / to), cutoff_(std::min(1.0, to / from)), reach_(static_cast<int>(std::ceil(kLobes / cutoff_))) {
    reset();
  }

  void reset() {
    history_.assign(static_cast<std::size_t>(reach_), 0.0F);
    position_ = static_cast<double>(reach_);
  }

  void add(float sample) { history_.push_back(sample); }
  void finish() { history_.insert(history_.end(), static_cast<std::size_t>(reach_) + 1, 0.0F); }

  [[nodiscard]] bool ready() const { return position_ + reach_ + 1 < static_cast<double>(history_.size()); }

  [[nodiscard]] float take() {
    const double whole = std::floor(position_);
    const auto centre = static_cast<long>(whole);
    double sum = 0;
    for (int k = 1 - reach_; k <= reach_; ++k) {
      const double x = static_cast<double>(k) - (position_ - whole);
      const float sample = history_[static_cast<std::size_t>(centre + k)];
      // What is no number stays where it is, instead of spreading over its neighbours.
      if (std::isfinite(sample)) sum += static_cast<double>(sample) * weight(x);
    }
    position_ += step_;
    forget();
    return static_cast<float>(sum);
  }

 private:
  [[nodiscard]] double weight(double x) const {
    const double inside = x / static_cast<double>(reach_);
    if (std::abs(inside) >= 1) return 0;
    const double a = std::numbers::pi * x * cutoff_;
    const double sinc = std::abs(a) < 1e-9 ? 1 : std::sin(a) / a;
    return cutoff_ * sinc * (0.5 + 0.5 * std::cos(std::numbers::pi * inside));
  }

  void forget() {
    const auto keep_from = static_cast<std::size_t>(position_) - static_cast<std::size_t>(reach_);
    if (keep_from < kBlock) return;
    history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(keep_from));
    position_ -= static_cast<double>(keep_from);
  }

  double step_, cutoff_;
  int reach_;
  std::vector<float> history_;
  double position_ = 0;
};

}  // namespace

struct AudioFile::State {
  std::unique_ptr<SNDFILE, Closed> file;
  std::string path;
  Identity identity;
  SF_INFO info{};
  RateChanger changer;
  bool same_rate;
  std::vector<float> frames;  // interleaved
  std::vector<float> block;   // one channel
  std::size_t used = 0;
  bool ended = false;

  bool fill();
  bool next(float& sample);
};

// One block more; false at the end.
bool AudioFile::State::fill() {
  const auto got = sf_readf_float(file.get(), frames.data(), static_cast<sf_count_t>(kBlock));
  if (got <= 0) return false;
  const auto width = static_cast<std::size_t>(info.channels);
  block.clear();
  for (std::size_t frame = 0; frame < static_cast<std::size_t>(got); ++frame) {
    // A channel that holds no number is silent, but where all do; the others are heard beside it.
    float sum = 0;
    std::size_t numbers = 0;
    for (std::size_t channel = 0; channel < width; ++channel) {
      const float sample = frames[frame * width + channel];
      if (!std::isfinite(sample)) continue;
      sum += sample;
      ++numbers;
    }
    block.push_back(numbers > 0 ? sum / static_cast<float>(width) : std::numeric_limits<float>::quiet_NaN());
  }
  used = 0;
  return true;
}

bool AudioFile::State::next(float& sample) {
  if (same_rate) {
    if (used == block.size() && (ended || !fill())) return ended = true, false;
    sample = block[used++];
    return true;
  }
  while (!changer.ready()) {
    if (ended) return false;
    if (!fill()) {
      ended = true;
      changer.finish();
      continue;
    }
    for (const float value : block) changer.add(value);
  }
  sample = changer.take();
  return true;
}

AudioFile::AudioFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioFile::~AudioFile() = default;
AudioFile::AudioFile(AudioFile&&) noexcept = default;
AudioFile& AudioFile::operator=(AudioFile&&) noexcept = default;

Result<AudioFile> AudioFile::open(const std::string& path, int sample_rate, Takes takes) {
  // A pipe would let nobody go on who opens it before its writer does.
  const int flags = O_RDONLY | O_CLOEXEC | (takes == Takes::kPipesToo ? 0 : O_NONBLOCK);
  UniqueFd fd(::open(path.c_str(), flags));
  if (!fd && errno == ENOENT) return fail(ErrorCode::kNotFound, vj::format("no file {}", path));
  if (!fd) return system_failure(vj::format("{} cannot be read", path));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return system_failure(vj::format("{} cannot be read", path));
  if (S_ISDIR(status.st_mode)) return fail(ErrorCode::kInvalid, vj::format("{} is a folder", path));
  if (!S_ISREG(status.st_mode) && takes != Takes::kPipesToo)
    return fail(ErrorCode::kInvalid, vj::format("{} is a pipe or a device, not a file", path));
  SF_INFO info{};
  std::unique_ptr<SNDFILE, Closed> file(sf_open_fd(fd.release(), SFM_READ, &info, SF_TRUE));
  if (!file) {
    return fail(ErrorCode::kInvalid, vj::format("{} cannot be read as sound: {}", path, sf_strerror(nullptr)));
  }
  if (info.samplerate < kSlowest || info.samplerate > kFastest) {
    return fail(ErrorCode::kInvalid,
                vj::format("{} has {} samples a second; 8000 to 192000 can be read", path, info.samplerate));
  }
  if (info.channels < 1 || info.channels > kMostChannels) {
    return fail(ErrorCode::kInvalid, vj::format("{} has {} channels; 1 to 64 can be read", path, info.channels));
  }
  return AudioFile(
      std::make_unique<State>(State{.file = std::move(file),
                                    .path = path,
                                    .identity = Identity::of(status),
                                    .info = info,
                                    .changer = RateChanger(info.samplerate, sample_rate),
                                    .same_rate = info.samplerate == sample_rate,
                                    .frames = std::vector<float>(kBlock * static_cast<std::size_t>(info.channels)),
                                    .block = {}}));
}

std::size_t AudioFile::read(std::span<float> out) {
  std::size_t count = 0;
  while (count < out.size() && state_->next(out[count])) ++count;
  return count;
}

void AudioFile::rewind() {
  sf_seek(state_->file.get(), 0, SEEK_SET);
  state_->changer.reset();
  state_->block.clear();
  state_->used = 0;
  state_->ended = false;
}

bool AudioFile::was_replaced() const { return Identity::at(state_->path) != state_->identity; }

bool AudioFile::was_written_over() const {
  const auto now = Identity::at(state_->path);
  const auto& then = state_->identity;
  return now && now->device == then.device && now->inode == then.inode && *now != then;
}

double AudioFile::seconds() const {
  return static_cast<double>(state_->info.frames) / static_cast<double>(state_->info.samplerate);
}
int AudioFile::channels() const { return state_->info.channels; }
int AudioFile::original_rate() const { return state_->info.samplerate; }

}  // namespace vj::platform
