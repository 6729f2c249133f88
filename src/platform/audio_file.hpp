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
  enum class Takes : std::uint8_t { kFiles, kPipesToo };

  // kNotFound, kDenied, or kInvalid where it is no sound file; 8 to 192 kHz, up to 64 channels. A pipe or a device,
  // which could keep the caller waiting for ever, is refused unless the caller takes it.
  [[nodiscard]] static Result<AudioFile> open(const std::string& path, int sample_rate, Takes takes = Takes::kFiles);
  ~AudioFile();
  AudioFile(AudioFile&&) noexcept;
  AudioFile& operator=(AudioFile&&) noexcept;

  // The next samples, the mean of all channels, as they are: not clipped. What is no number in a channel counts as
  // silence beside the others; it is told as it is where none has one.
  // Fewer than asked for at the end, then none. A file that breaks off ends there.
  [[nodiscard]] std::size_t read(std::span<float> out);
  void rewind();

  // Whether its path now leads to another file, to another content, or to none.
  [[nodiscard]] bool was_replaced() const;
  // Whether this very file has another content now.
  [[nodiscard]] bool was_written_over() const;

  [[nodiscard]] double seconds() const;  // as its header says
  [[nodiscard]] int channels() const;
  [[nodiscard]] int original_rate() const;

 private:
  struct State;
  explicit AudioFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vj::platform
