#include "osc_out/osc_output.hpp"

#include <map>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "wire/json.hpp"

using namespace vj;
using namespace vj::osc_out;
using wire::Value;

namespace {

struct Rig {
  Rig() { osc.targets = {{.name = "visuals", .port = 9}, {.name = "lights", .port = 19}}; }
  OscOutput& output() {
    if (!made) {
      made = std::make_unique<OscOutput>(loop, log, home.path(), osc, [this](std::string_view key, Value value) {
        metadata.insert_or_assign(std::string(key), std::move(value));
      });
    }
    return *made;
  }

  test::TemporaryFolder home;
  platform::EventLoop loop;
  platform::Logger log{"test", LogLevel::kError, false};
  config::Osc osc;
  std::map<std::string, Value> metadata;
  std::unique_ptr<OscOutput> made;
};

}  // namespace

TEST_CASE("the registry entry tells where copies come from and how every target is") {
  Rig rig;
  CHECK(rig.output().sender().port() > 0);
  CHECK(rig.metadata["osc_port"] == Value(rig.output().sender().port()));
  CHECK(wire::to_json(rig.metadata["osc_targets"]) ==
        R"([{"name":"visuals","address":"127.0.0.1:9","enabled":true,"problem":""},)"
        R"({"name":"lights","address":"127.0.0.1:19","enabled":true,"problem":""}])");
}

TEST_CASE("a set_config switches targets, all of them or none") {
  Rig rig;
  auto& output = rig.output();
  CHECK(output.set_config(Value::object({{"osc_targets", Value::object({{"lights", false}})}})));
  CHECK_FALSE(output.sender().targets()[1].enabled);
  CHECK(wire::to_json(rig.metadata["osc_targets"]).contains(R"("address":"127.0.0.1:19","enabled":false)"));
  const auto refused =
      output.set_config(Value::object({{"osc_targets", Value::object({{"lights", true}, {"lasers", true}})}}));
  CHECK(refused.error().message == "there is no OSC target 'lasers'; there are visuals, lights");
  CHECK_FALSE(output.sender().targets()[1].enabled);
  CHECK_FALSE(output.set_config(Value::object({{"osc_targets", "lights"}})));
  CHECK(output.set_config(Value::object({{"something", "else"}})));
}

TEST_CASE("a switch that was kept is in force from the start") {
  Rig rig;
  REQUIRE(osc_io::write_target_switches(rig.home.path(), {{"visuals", false}}));
  CHECK_FALSE(rig.output().sender().targets()[0].enabled);
}
