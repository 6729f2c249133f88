#include "supervisor_host/config_file.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace vj::supervisor_host {

namespace {

struct Home {
  test::TemporaryFolder folder;
  platform::Path file = folder.path() / "config.toml";
  platform::Path copy = last_good_config(folder.path());
  platform::Logger log{"process_manager", LogLevel::kInfo, false};
  std::vector<std::string> told;

  Home() {
    log.set_listener([this](const LogRecord& record) { told.push_back(record.message); });
  }
  void write(const std::string& text) const { std::ofstream(file) << text; }
  [[nodiscard]] ConfigFile config_file() { return {log, folder.path(), {}}; }
  [[nodiscard]] std::string copied() const { return platform::read_file(copy).value_or("nothing"); }
};

constexpr auto kGood = "[console]\nfps = 25\n";
constexpr auto kBetter = "[console]\nfps = 24\n# better\n";
constexpr auto kBroken = "[console]\nfps = 25\nx=\n";

}  // namespace

TEST_CASE("programs of ours find the configuration by themselves, or are told which a person has named") {
  Home home;
  CHECK(home.config_file().for_a_start().option == std::nullopt);
  const platform::Path other = home.folder.path() / "other.toml";
  std::ofstream(other) << kGood;
  CHECK(ConfigFile(home.log, home.folder.path(), other).for_a_start().option == other);
}

TEST_CASE(
    "while the configuration has a problem, what is started reads it as it was before, and the log says so once") {
  Home home;
  home.write(kGood);
  ConfigFile file = home.config_file();
  CHECK(home.told.empty());
  home.write(kBroken);
  for (int start = 0; start < 2; ++start) {
    CHECK(file.for_a_start().option == home.copy);
    CHECK(home.copied() == kGood);
  }
  REQUIRE(home.told.size() == 1);
  CHECK(home.told.front().find(home.file.string() + ":3: ") != std::string::npos);
  home.write(kBetter);
  CHECK(file.for_a_start().option == std::nullopt);
  CHECK(home.told.back() == home.file.string() + " can be read again");
  CHECK(home.copied() == kBetter);
}

TEST_CASE("who comes into a home whose configuration has a problem goes on with what its predecessor read") {
  Home home;
  home.write(kGood);
  CHECK_FALSE(home.config_file().for_a_start().is_copy);
  home.write(kBroken);
  CHECK(home.config_file().for_a_start().is_copy);
}

TEST_CASE("a file that came with a problem is left aside for the defaults that held before") {
  Home home;
  ConfigFile file = home.config_file();
  home.write(kBroken);
  CHECK(file.for_a_start().option == home.copy);
  CHECK(home.copied().empty());
}

TEST_CASE("where nothing is left of before, a start reads the file, whatever is wrong with it") {
  Home home;
  home.write(kBroken);
  CHECK_FALSE(home.config_file().for_a_start().is_copy);
}

TEST_CASE("a reload that is refused keeps the copy, and one that is not replaces it") {
  Home home;
  home.write(kGood);
  ConfigFile file = home.config_file();
  home.write(kBroken);
  CHECK_FALSE(file.load());
  CHECK(home.copied() == kGood);
  home.write(kBetter);
  CHECK(file.load());
  CHECK(home.copied() == kBetter);
}

TEST_CASE("the file is to blame for a refusal if it has a problem or has changed since the start") {
  Home home;
  home.write(kGood);
  ConfigFile file = home.config_file();
  const auto start = file.for_a_start();
  CHECK_FALSE(file.is_to_blame(start));
  home.write(kBetter);
  CHECK(file.is_to_blame(start));
  CHECK_FALSE(file.is_to_blame(file.for_a_start()));
  CHECK_FALSE(file.is_to_blame(std::nullopt));  // of who was started by others, only a problem is known
  home.write(kBroken);
  CHECK(file.is_to_blame(start));
  CHECK(file.is_to_blame(std::nullopt));
  CHECK_FALSE(file.is_to_blame(file.for_a_start()));  // has read the copy
}

}  // namespace vj::supervisor_host
