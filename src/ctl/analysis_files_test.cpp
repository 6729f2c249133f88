#include "ctl/analysis_files.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/temporary_folder.hpp"

namespace vj::ctl {
namespace {

using Files = std::vector<std::string>;

TEST_CASE("two sound files whose results would have the same name are refused, both named") {
  CHECK_FALSE(result_clash(Files{"a/drop.wav", "b/break.wav"}).has_value());
  CHECK(result_clash(Files{"drop.wav", "intro.wav", "drop.flac"})
            .value()
            .starts_with("drop.wav and drop.flac would both be written to drop.beats"));
  CHECK(result_clash(Files{"a/x.wav", "b/x.wav"}).value().starts_with("a/x.wav and b/x.wav would"));
  CHECK(result_clash(Files{"x.wav", "x.wav"}).has_value());
}

TEST_CASE("a result is as open to others as the umask says, and replaces the one before") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "drop.beats";
  const auto before = ::umask(022);
  REQUIRE(write_result_file(path, "1.0 1.0\n").has_value());
  REQUIRE(write_result_file(path, "2.0 2.0\n").has_value());
  ::umask(before);
  CHECK(platform::read_file(path).value() == "2.0 2.0\n");
  CHECK(platform::file_status(path)->mode == 0644);
  CHECK_FALSE(platform::file_status(path.string() + ".tmp").has_value());
}

TEST_CASE("a result that cannot be written says why") {
  const test::TemporaryFolder folder;
  const auto written = write_result_file(folder.path() / "nowhere" / "drop.beats", "");
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().message.find("No such file or directory") != std::string::npos);
}

TEST_CASE("control characters in a file's name are shown and change nothing on the terminal") {
  CHECK(with_escapes("a\x1b[2Jb\nc\td\x7f") == "a\\x1b[2Jb\\nc\\td\\x7f");
  CHECK(with_escapes("Größe – ★.wav") == "Größe – ★.wav");
}

}  // namespace
}  // namespace vj::ctl
