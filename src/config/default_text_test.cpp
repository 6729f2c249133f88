#include "config/default_text.hpp"

#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "base/text.hpp"
#include "config/load.hpp"
#include "config/show.hpp"
#include "support/paths.hpp"

using namespace vj;
using namespace vj::config;

namespace {

// The file with every setting in force: "#key" becomes "key", "# prose" stays.
std::string uncommented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    const bool is_setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    out += std::string(is_setting ? line.substr(1) : line) + '\n';
  }
  return out;
}

Config loaded(std::string_view text) {
  const Loaded result = load(text, "config.toml");
  if (result) return *result;
  FAIL(to_string(result.error()));
  return {};
}

}  // namespace

TEST_CASE("the default file as it stands changes nothing") { CHECK(loaded(default_text()) == default_config()); }

TEST_CASE("every setting that the default file shows is the default") {
  CHECK(to_toml(loaded(uncommented(default_text()))) == to_toml(default_config()));
}

TEST_CASE("the default file shows every key") {
  for (const Setting& setting : settings_of(default_config())) {
    const std::string name = setting.key.substr(setting.key.rfind('.') + 1);
    const bool is_inline = setting.key.starts_with("worker.") && setting.key.contains(".ports.");
    const std::string wanted = is_inline ? name + " = " : "\n#" + name + " = ";
    CHECK_MESSAGE(default_text().contains(wanted), setting.key);
  }
}

TEST_CASE("the copy in the program is the file of the source") {
  std::ifstream file(testing::source_path("config/config.toml"));
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == default_text());
}
