#include "config/secrets.hpp"

#include <fstream>

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::config;
namespace fs = std::filesystem;

namespace {

// A file that is gone with the test.
class TemporaryFile {
 public:
  TemporaryFile(std::string_view name, std::string_view text, fs::perms mode)
      : path_(fs::temp_directory_path() / ("vj_secrets_test_" + std::string(name))) {
    std::ofstream(path_) << text;
    fs::permissions(path_, mode);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { fs::remove(path_); }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

constexpr fs::perms kOwnerOnly = fs::perms::owner_read | fs::perms::owner_write;
constexpr fs::perms kReadable = kOwnerOnly | fs::perms::group_read | fs::perms::others_read;

EnvironmentLookup environment(Variables variables) {
  return with_variables([](const std::string&) { return std::optional<std::string>(); }, std::move(variables));
}

}  // namespace

TEST_CASE("a line of .env is a name and a value") {
  CHECK(parse_env("# keys\nexport A = 1 # one\n\nB='x # y'\nC=\"q\\\"\\n\"\r\nD=\n", ".env").value() ==
        Variables{{"A", "1"}, {"B", "x # y"}, {"C", "q\"\n"}, {"D", ""}});
}

TEST_CASE("what is no line of .env is told with its line, and never quoted") {
  const auto result = parse_env("A=1\nsk-12345\nB=\"open\n", ".env");
  REQUIRE_FALSE(result.has_value());
  CHECK(to_string(result.error()) ==
        ".env:2: expected NAME=value\n.env:3: the quotes around the value of B do not match");
}

TEST_CASE("no .env is no variables") { CHECK(read_env_file("/no/such/.env").value() == Variables{}); }

TEST_CASE("an .env that others may read is refused with how to mend it") {
  const TemporaryFile file("readable", "A=1\n", kReadable);
  const auto result = read_env_file(file.path());
  REQUIRE_FALSE(result.has_value());
  const std::string path = file.path().string();
  CHECK(to_string(result.error()) ==
        path + ": holds secrets, but others than its owner may use it (mode 0644); run: chmod 600 " + path);
}

TEST_CASE("an .env of its owner alone is read") {
  const TemporaryFile file("private", "A=1\n", kOwnerOnly);
  CHECK(read_env_file(file.path()).value() == Variables{{"A", "1"}});
}

TEST_CASE("the environment of the process goes before the file's") {
  const auto lookup =
      with_variables([](const std::string& name) { return std::optional("process " + name); }, {{"A", "file"}});
  CHECK(lookup("A") == "process A");
}

TEST_CASE("a secret comes from its variable") {
  CHECK(find_secret({.env = "KEY", .file = ""}, environment({{"KEY", "s"}})).value() ==
        std::optional<std::string>("s"));
  CHECK(find_secret({.env = "KEY", .file = ""}, environment({{"KEY", ""}})).value() == std::optional<std::string>());
  CHECK(find_secret({.env = "", .file = ""}, environment({})).value() == std::optional<std::string>());
}

TEST_CASE("a secret's file goes before its variable, without the line's end") {
  const TemporaryFile file("secret", "from file\n", kOwnerOnly);
  CHECK(find_secret({.env = "KEY", .file = file.path().string()}, environment({{"KEY", "s"}})).value() ==
        std::optional<std::string>("from file"));
}

TEST_CASE("a secret's file that is named must be there and be private") {
  CHECK(find_secret({.env = "", .file = "/no/such"}, environment({})).error().message ==
        "/no/such cannot be read: there is no such file");
  const TemporaryFile file("shared", "s\n", kReadable);
  CHECK(find_secret({.env = "", .file = file.path().string()}, environment({})).error().code == ErrorCode::kDenied);
}
