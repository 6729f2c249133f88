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

class FileInput final : public AudioInput {
 public:
  FileInput(AudioFile file, const std::string& path, int sample_rate, SampleRing& ring, Wake wake)
      : file_(std::move(file)),
        device_{.id = std::string(kFilePrefix) + path, .name = std::string(kFilePrefix) + path},
        period_(from_seconds(static_cast<double>(kPeriod) / sample_rate)),
        ring_(ring),
        wake_(std::move(wake)),
        player_([this](const std::stop_token& stop) { play(stop); }) {}

  [[nodiscard]] const AudioDevice& device() const override { return device_; }
  [[nodiscard]] bool running() const override { return running_; }

 private:
  void play(const std::stop_token& stop) {
    std::array<float, kPeriod> block{};
    std::mutex mutex;
    std::condition_variable_any due;
    Time next = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      if (!fill(block)) {
        running_ = false;
        return;
      }
      next += period_;
      std::unique_lock lock(mutex);
      due.wait_until(lock, stop, next, [] { return false; });
      const Time now = std::chrono::steady_clock::now();
      // After the machine was suspended it goes on from now, instead of hurrying after.
      if (now - next > 1s) next = now;
      ring_.write(block, now);
      wake_();
    }
  }

  // The next of the sound, from its end on again; false where there is none any more, as of a medium that was taken
  // out.
  [[nodiscard]] bool fill(std::span<float> block) {
    bool is_at_begin = false;
    while (!block.empty()) {
      const auto got = file_.read(block);
      if (got == 0) {
        if (is_at_begin) return false;
        file_.rewind();
      }
      is_at_begin = got == 0;
      block = block.subspan(got);
    }
    return true;
  }

  AudioFile file_;
  AudioDevice device_;
  Duration period_;
  SampleRing& ring_;
  Wake wake_;
  std::atomic<bool> running_{true};
  std::jthread player_;  // last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<AudioInput>> open_file_input(const std::string& path, int sample_rate, SampleRing& ring,
                                                    AudioInput::Wake wake) {
  auto file = AudioFile::open(path, sample_rate);
  if (!file) return std::unexpected(file.error());
  // Playing it over and over needs something to play.
  std::array<float, 1> first{};
  if (file->read(first) == 0) return fail(ErrorCode::kInvalid, vj::format("{} holds no sound", path));
  file->rewind();
  return std::make_unique<FileInput>(std::move(*file), path, sample_rate, ring, std::move(wake));
}

}  // namespace vj::platform
