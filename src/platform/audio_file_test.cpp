#include "platform/audio_file.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>
#include <sndfile.h>
#include <sys/stat.h>

#include "platform/audio_input.hpp"
#include "platform/event_loop.hpp"
#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

std::string write(const test::TemporaryFolder& folder, const std::string& name, const std::vector<float>& samples,
                  int rate, int channels, int format = SF_FORMAT_WAV | SF_FORMAT_FLOAT) {
  const auto path = (folder.path() / name).string();
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = channels;
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  REQUIRE(file != nullptr);
  sf_write_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
  sf_close(file);
  return path;
}

std::vector<float> tone(int rate, int channels, double hertz, double seconds) {
  std::vector<float> samples;
  for (int i = 0; i < static_cast<int>(seconds * rate); ++i) {
    const auto sample = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hertz * i / rate));
    samples.insert(samples.end(), static_cast<std::size_t>(channels), sample);
  }
  return samples;
}

std::vector<float> read_all(AudioFile& file) {
  std::vector<float> all(1000000);
  all.resize(file.read(all));
  return all;
}

}  // namespace

TEST_CASE("a file of any rate and any number of channels is the same sound at 44.1 kHz") {
  const test::TemporaryFolder folder;
  const auto expected = tone(44100, 1, 1000, 0.5);
  for (const int rate : {8000, 22050, 44100, 48000, 96000, 192000}) {
    for (const int channels : {1, 2, 8}) {
      CAPTURE(rate);
      CAPTURE(channels);
      auto file = AudioFile::open(write(folder, "tone.wav", tone(rate, channels, 1000, 0.5), rate, channels), 44100);
      REQUIRE(file);
      const auto samples = read_all(*file);
      REQUIRE(std::abs(static_cast<int>(samples.size()) - 22050) <= 2);
      float worst = 0;
      for (std::size_t i = 2000; i < 20000; ++i) worst = std::max(worst, std::abs(samples[i] - expected[i]));
      CHECK(worst < 0.01F);
    }
  }
}

TEST_CASE("what a lower rate cannot hold is taken out instead of folded back") {
  const test::TemporaryFolder folder;
  auto file = AudioFile::open(write(folder, "high.wav", tone(192000, 1, 40000, 0.5), 192000, 1), 44100);
  REQUIRE(file);
  float loudest = 0;
  const auto samples = read_all(*file);
  for (std::size_t i = 1000; i + 1000 < samples.size(); ++i) loudest = std::max(loudest, std::abs(samples[i]));
  CHECK(loudest < 0.01F);
}

TEST_CASE("a file can be read again from its beginning") {
  const test::TemporaryFolder folder;
  auto file = AudioFile::open(write(folder, "tone.wav", tone(48000, 2, 440, 0.2), 48000, 2), 44100);
  REQUIRE(file);
  const auto first = read_all(*file);
  file->rewind();
  CHECK(read_all(*file) == first);
}

TEST_CASE("what is no number in a file does not spread") {
  const test::TemporaryFolder folder;
  auto samples = tone(48000, 1, 440, 0.2);
  samples[4000] = std::numeric_limits<float>::quiet_NaN();
  samples[5000] = std::numeric_limits<float>::infinity();
  auto file = AudioFile::open(write(folder, "broken.wav", samples, 48000, 1), 44100);
  REQUIRE(file);
  for (const float sample : read_all(*file)) CHECK(std::isfinite(sample));
}

TEST_CASE("a file that breaks off is read as far as it goes") {
  const test::TemporaryFolder folder;
  const auto path = write(folder, "short.wav", tone(44100, 1, 440, 1), 44100, 1);
  std::filesystem::resize_file(path, 44 + 40000);
  auto file = AudioFile::open(path, 44100);
  REQUIRE(file);
  const auto samples = read_all(*file);
  CHECK(samples.size() > 9000);
  CHECK(samples.size() < 10100);
}

TEST_CASE("what is not there or not sound is said, by name") {
  const test::TemporaryFolder folder;
  const auto missing = AudioFile::open(folder.path().string() + "/none.wav", 44100);
  REQUIRE(!missing);
  CHECK(missing.error().code == ErrorCode::kNotFound);
  CHECK(missing.error().message.find("none.wav") != std::string::npos);

  const auto path = folder.path().string() + "/text.wav";
  std::ofstream(path) << "this is a letter, not a song";
  const auto text = AudioFile::open(path, 44100);
  REQUIRE(!text);
  CHECK(text.error().code == ErrorCode::kInvalid);
  CHECK(text.error().message.find("text.wav") != std::string::npos);

  CHECK(AudioFile::open(folder.path().string(), 44100).error().code == ErrorCode::kInvalid);
}

TEST_CASE("an input whose file can no longer be read stops by itself, and can be closed") {
  const test::TemporaryFolder folder;
  const auto path = write(folder, "tone.wav", tone(44100, 1, 1000, 0.1), 44100, 1);
  const auto whole = std::filesystem::file_size(path);
  SampleRing ring(1 << 16);
  EventLoop loop;
  const auto input = AudioInput::open("file:" + path, 44100, std::make_shared<AudioOutlet>(ring, [] {})).value();
  CHECK(input->running());
  constexpr std::uintmax_t kHeader = 44;
  std::filesystem::resize_file(path, kHeader);
  const Time deadline = EventLoop::clock() + 20s;
  while (input->running() && EventLoop::clock() < deadline) loop.run_once(10ms);
  CHECK_FALSE(input->running());
  std::filesystem::resize_file(path, whole);  // so that an input that looks for its sound for ever ends, too
}

TEST_CASE("what is no number in one channel leaves the others to be heard") {
  const test::TemporaryFolder folder;
  auto samples = tone(44100, 2, 440, 0.1);
  for (std::size_t i = 1; i < samples.size(); i += 2) samples[i] = std::numeric_limits<float>::quiet_NaN();
  auto file = AudioFile::open(write(folder, "half.wav", samples, 44100, 2), 44100);
  REQUIRE(file);
  const auto heard = read_all(*file);
  REQUIRE(heard.size() == 4410);
  for (std::size_t i = 0; i < heard.size(); ++i) CHECK(heard[i] == doctest::Approx(samples[2 * i] / 2));
}

TEST_CASE("a pipe is refused at once, though nobody writes into it") {
  const test::TemporaryFolder folder;
  const auto path = (folder.path() / "pipe.wav").string();
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const auto opened = AudioFile::open(path, 44100);
  REQUIRE(!opened);
  CHECK(opened.error().code == ErrorCode::kInvalid);
  CHECK(opened.error().message.find("is a pipe") != std::string::npos);
  CHECK(AudioFile::open("/dev/zero", 44100).error().code == ErrorCode::kInvalid);
}

TEST_CASE("a file that is replaced, written over or removed is known not to be the same") {
  const test::TemporaryFolder folder;
  const auto path = write(folder, "tone.wav", tone(44100, 1, 440, 0.1), 44100, 1);
  auto file = AudioFile::open(path, 44100);
  REQUIRE(file);
  CHECK(!file->was_replaced());
  CHECK(!file->was_written_over());
  (void)write(folder, "tone.wav", tone(44100, 1, 880, 0.2), 44100, 1);
  CHECK(file->was_replaced());
  CHECK(file->was_written_over());

  file = AudioFile::open(path, 44100);
  REQUIRE(file);
  std::filesystem::rename(write(folder, "other.wav", tone(44100, 1, 660, 0.1), 44100, 1), path);
  CHECK(file->was_replaced());
  CHECK(!file->was_written_over());
  std::filesystem::remove(path);
  CHECK(file->was_replaced());
  CHECK(!file->was_written_over());
}
