#include "platform/audio_file_input.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/format.hpp"
#include "platform/audio_file.hpp"

namespace vj::platform {

namespace {

constexpr std::size_t kPeriod = 256;  // samples, as a device would
constexpr Duration kLookEvery = 1s;   // whether the file is still the same

class FileInput final : public AudioInput {
 public:
  FileInput(AudioFile file, std::string path, int sample_rate, std::shared_ptr<AudioOutlet> outlet)
      : file_(std::move(file)),
        path_(std::move(path)),
        sample_rate_(sample_rate),
        device_{.id = std::string(kFilePrefix) + path_, .name = std::string(kFilePrefix) + path_},
        period_(from_seconds(static_cast<double>(kPeriod) / sample_rate)),
        outlet_(std::move(outlet)),
        player_([this](const std::stop_token& stop) { play(stop); }) {}

  [[nodiscard]] const AudioDevice& device() const override { return device_; }
  [[nodiscard]] bool running() const override { return running_; }

 private:
  void play(const std::stop_token& stop) {
    std::array<float, kPeriod> block{};
    std::mutex mutex;
    std::condition_variable_any due;
    Time next = std::chrono::steady_clock::now();
    Time looked_at = next;
    while (!stop.stop_requested()) {
      // What was written over is no longer the sound that its header told of; what only bears the name now waits for
      // the end of what is played.
      const bool looks = next - looked_at >= kLookEvery;
      if (looks) looked_at = next;
      if ((looks && file_.was_written_over() && !begin_again()) || !fill(block)) {
        running_ = false;
        return;
      }
      next += period_;
      std::unique_lock lock(mutex);
      due.wait_until(lock, stop, next, [] { return false; });
      const Time now = std::chrono::steady_clock::now();
      // After the machine was suspended it goes on from now, instead of hurrying after.
      if (now - next > 1s) next = now;
      outlet_->write(block, now);
    }
  }

  // From the beginning, of the file that has the name now. False where there is none, or no sound in it.
  [[nodiscard]] bool begin_again() {
    if (!file_.was_replaced()) {
      file_.rewind();
      return true;
    }
    auto file = AudioFile::open(path_, sample_rate_);
    if (file) file_ = std::move(*file);
    return file.has_value();
  }

  // The next of the sound, from its end on again; false where there is none any more, as of a medium that was taken
  // out.
  [[nodiscard]] bool fill(std::span<float> block) {
    bool is_at_begin = false;
    while (!block.empty()) {
      const auto got = file_.read(block);
      if (got == 0) {
        if (is_at_begin || !begin_again()) return false;
      }
      is_at_begin = got == 0;
      block = block.subspan(got);
    }
    return true;
  }

  AudioFile file_;
  std::string path_;
  int sample_rate_;
  AudioDevice device_;
  Duration period_;
  std::shared_ptr<AudioOutlet> outlet_;
  std::atomic<bool> running_{true};
  std::jthread player_;  // last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<AudioInput>> open_file_input(const std::string& path, int sample_rate,
                                                    std::shared_ptr<AudioOutlet> outlet) {
  auto file = AudioFile::open(path, sample_rate);
  if (!file) return std::unexpected(file.error());
  // Playing it over and over needs something to play.
  std::array<float, 1> first{};
  if (file->read(first) == 0) return fail(ErrorCode::kInvalid, vj::format("{} holds no sound", path));
  file->rewind();
  return std::make_unique<FileInput>(std::move(*file), path, sample_rate, std::move(outlet));
}

}  // namespace vj::platform
