// Reads a sound file (WAV, FLAC, Ogg, MP3, AIFF, …) as one channel at a rate of the reader's choice. Belongs to one
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"

namespace vj::platform {

class AudioFile {
 public:
  // kNotFound, kDenied, or kInvalid where it is no sound file; 8 to 192 kHz, up to 64 channels.
  [[nodiscard]] static Result<AudioFile> open(const std::string& path, int sample_rate);
  ~AudioFile();
  AudioFile(AudioFile&&) noexcept;
  AudioFile& operator=(AudioFile&&) noexcept;

  // The next samples, the mean of all channels, as they are: not clipped, and not looked at for what is no number.
  // Fewer than asked for at the end, then none. A file that breaks off ends there.
  [[nodiscard]] std::size_t read(std::span<float> out);
  void rewind();

  [[nodiscard]] double seconds() const;  // as its header says
  [[nodiscard]] int channels() const;
  [[nodiscard]] int original_rate() const;

 private:
  struct State;
  explicit AudioFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vj::platform
