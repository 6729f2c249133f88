#include "console/demo/wave.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace vj::console::demo {
namespace {

void append_little_endian(std::string& bytes, std::uint32_t number, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(number >> (8 * static_cast<unsigned>(i)) & 0xFFU);
}

}  // namespace

std::string wave_file(std::span<const float> samples, int sample_rate) {
  static constexpr std::uint32_t kHeader = 36, kPcm = 1, kChannels = 1, kBytes = 2;
  const auto size = static_cast<std::uint32_t>(samples.size()) * kBytes;
  const auto rate = static_cast<std::uint32_t>(sample_rate);
  std::string file;
  file.reserve(8 + kHeader + size);
  file += "RIFF";
  append_little_endian(file, kHeader + size, 4);
  file += "WAVEfmt ";
  append_little_endian(file, 16, 4);  // of the format that follows
  append_little_endian(file, kPcm, 2);
  append_little_endian(file, kChannels, 2);
  append_little_endian(file, rate, 4);
  append_little_endian(file, rate * kBytes, 4);
  append_little_endian(file, kBytes, 2);
  append_little_endian(file, 8 * kBytes, 2);
  file += "data";
  append_little_endian(file, size, 4);
  for (const float sample : samples) {
    const auto value = std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767.0F);
    append_little_endian(file, static_cast<std::uint32_t>(value), 2);
  }
  return file;
}

}  // namespace vj::console::demo
