#include "supervisor_host/worker_log.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace vj::supervisor_host {

namespace {

constexpr config::LogLimits kOneMegabyte{.max_size_mb = 1, .max_files = 2};

void write(const WorkerLog& log, const std::string& text) {
  const auto fd = log.open();
  REQUIRE(fd);
  REQUIRE(platform::write_all(fd->get(), text));
}

}  // namespace

TEST_CASE("a worker's log stands in the home's logs folder under its name") {
  const test::TemporaryFolder home;
  const WorkerLog log(home.path(), "lyrics_fetcher", {});
  write(log, "hello\n");
  CHECK(platform::read_file(home.path() / "logs" / "lyrics_fetcher.log") == "hello\n");
}

TEST_CASE("a small log is left alone") {
  const test::TemporaryFolder home;
  WorkerLog log(home.path(), "w", kOneMegabyte);
  write(log, "hello\n");
  REQUIRE(log.rotate_if_large());
  CHECK(platform::read_file(log.file()) == "hello\n");
}

TEST_CASE("a log that was flooded is set aside, and says how much was cut") {
  const test::TemporaryFolder home;
  WorkerLog log(home.path(), "w", kOneMegabyte);
  write(log, std::string((3U << 20U) + 5, 'x'));
  REQUIRE(log.rotate_if_large());
  CHECK(platform::read_file(log.file()) == "--- 2097157 bytes were cut here: too much output ---\n");
  CHECK(platform::file_status(home.path() / "logs" / "w.log.1")->size == 1U << 20U);
}

TEST_CASE("growth is what came since the last look") {
  const test::TemporaryFolder home;
  WorkerLog log(home.path(), "w", kOneMegabyte);
  CHECK(log.rotate_if_large() == 0);
  write(log, "12345");
  CHECK(log.rotate_if_large() == 5);
  CHECK(log.rotate_if_large() == 0);
}

TEST_CASE("the last line is what a worker said before it went, fit to be shown") {
  const test::TemporaryFolder home;
  const WorkerLog log(home.path(), "w", kOneMegabyte);
  CHECK(log.last_line().empty());
  write(log, "first\nconfig.toml:3: \x1b[31munknown key\n\n");
  CHECK(log.last_line() == "config.toml:3: [31munknown key");
}

TEST_CASE("the last line of an earlier process is not that of the one that came after it") {
  const test::TemporaryFolder home;
  WorkerLog log(home.path(), "w", kOneMegabyte);
  write(log, "of the first\n");
  log.begin();
  CHECK(log.last_line().empty());
  write(log, "of the second\n");
  CHECK(log.last_line() == "of the second");
}

TEST_CASE("of a long last line the beginning is shown, and where it cannot be found, that it is missing") {
  const test::TemporaryFolder home;
  WorkerLog log(home.path(), "w", kOneMegabyte);
  write(log, "first\nconfig.toml:3: " + std::string(6000, 'x') + "\n");
  CHECK(log.last_line() == "config.toml:3: " + std::string(285, 'x'));
  write(log, std::string(100'000, 'y') + "\n");
  CHECK(log.last_line() == "…" + std::string(300, 'y'));
}

}  // namespace vj::supervisor_host
