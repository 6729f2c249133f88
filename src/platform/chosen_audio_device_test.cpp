#include "platform/chosen_audio_device.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

TEST_CASE("a chosen device comes back as it was written, blanks included") {
  const test::TemporaryFolder home;
  CHECK(read_chosen_audio_device(home.path())->has_value() == false);
  for (const auto* name : {"auto", " auto", "file:/loops/one two .wav", "Größe"}) {
    REQUIRE(write_chosen_audio_device(home.path(), name));
    CHECK(read_chosen_audio_device(home.path())->value() == name);
  }
  REQUIRE(write_chosen_audio_device(home.path(), "by hand\n"));
  CHECK(read_chosen_audio_device(home.path())->value() == "by hand");
  REQUIRE(write_chosen_audio_device(home.path(), ""));
  CHECK(read_chosen_audio_device(home.path())->has_value() == false);
}

TEST_CASE("what is blank or has control characters is no device") {
  for (const auto* name : {"", "   ", "auto\n", "a\tb", "\x1b[31mred", "a\x7f"}) CHECK(!is_audio_device_name(name));
  CHECK(is_audio_device_name("alsa_output.pci-0000_00_1f.3.analog-stereo.monitor"));
}
