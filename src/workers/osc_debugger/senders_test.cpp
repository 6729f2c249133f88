#include "workers/osc_debugger/senders.hpp"

#include <doctest/doctest.h>

#include "wire/names.hpp"

using namespace vj;
using namespace vj::osc_debugger;
using wire::Value;

namespace {

bus::ServiceEntry sender(std::string name, int port, const std::vector<wire::OscTarget>& targets) {
  bus::ServiceEntry entry;
  entry.name = std::move(name);
  entry.metadata = Value::object({{std::string(wire::metadata::kOscPort), port},
                                  {std::string(wire::metadata::kOscTargets), wire::to_value(targets)}});
  return entry;
}

const std::vector<config::OscTarget> kConfigured{{.name = "visuals", .port = 9000},
                                                 {.name = "lights", .port = 9001, .filter = {"/audio"}}};

}  // namespace

TEST_CASE("only the ports that a service claims are ours") {
  Senders senders(kConfigured);
  const auto look = [] {};
  senders.update({{sender("audio_analyzer", 40000, {}), bus::ServiceEntry()}});
  CHECK(senders.is_ours(40000, look));
  CHECK_FALSE(senders.is_ours(40001, look));
  senders.update({});
  CHECK_FALSE(senders.is_ours(40000, look));
}

TEST_CASE("each stranger is worth one look, however many there are, until what services claim has changed") {
  Senders senders(kConfigured);
  bus::RegistrySnapshot services{{sender("audio_analyzer", 40000, {})}};
  int looks = 0;
  const auto look = [&] {
    ++looks;
    senders.update(services);
  };
  senders.update(services);
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(senders.is_ours(40001, look));
    CHECK_FALSE(senders.is_ours(40002, look));
    services.services[0].heartbeat_at += 5;
  }
  CHECK(looks == 2);
  services.services.push_back(sender("osc_mixer", 40003, {}));
  CHECK(senders.is_ours(40003, look));
  CHECK_FALSE(senders.is_ours(40001, look));
  CHECK(looks == 4);
}

TEST_CASE("a message was for the targets that are on and want its address") {
  Senders senders(kConfigured);
  senders.update(
      {{sender("a", 40000, {{"visuals", "127.0.0.1:9000", true, ""}, {"lights", "127.0.0.1:9001", true, ""}}),
        sender("b", 40001, {{"visuals", "127.0.0.1:9000", false, ""}, {"lights", "127.0.0.1:9001", true, ""}})}});
  CHECK(senders.targets_of(40000, "/audio/beat") == "visuals,lights");
  CHECK(senders.targets_of(40000, "/vj/mood") == "visuals");
  CHECK(senders.targets_of(40001, "/audio/beat") == "lights");
  CHECK(senders.targets_of(40001, "/vj/mood") == "nobody");
}

TEST_CASE("what any sender knows to be wrong with a target is told") {
  Senders senders(kConfigured);
  senders.update({{sender("a", 40000, {{"visuals", "127.0.0.1:9000", true, ""}}),
                   sender("b", 40001, {{"visuals", "127.0.0.1:9000", true, "nobody there"}})}});
  CHECK(senders.targets() == std::vector<wire::OscTarget>{{"visuals", "127.0.0.1:9000", true, "nobody there"}});
}

TEST_CASE("while nobody sends the targets are as configured") {
  Senders senders(kConfigured);
  senders.update({});
  REQUIRE(senders.targets().size() == 2);
  CHECK(senders.targets()[0] == wire::OscTarget{"visuals", "127.0.0.1:9000", true, ""});
}
