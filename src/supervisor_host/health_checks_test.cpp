#include <doctest/doctest.h>

#include "platform/process.hpp"
#include "supervisor_host/health_check.hpp"
#include "vj_bus/publisher.hpp"

namespace vj::supervisor_host {

TEST_CASE("a topic is heard from when the check is made, and not only from its first look") {
  platform::EventLoop loop;
  bus::Context context;
  bus::Publisher publisher(context, loop, "w");
  const auto port = publisher.bind("127.0.0.1", 0);
  REQUIRE(port);
  const bus::ServiceEntry entry{.name = "w", .pid = platform::own_pid(), .status = "running", .telemetry_port = *port};
  config::HealthCheck config;
  config.type = config::HealthCheckType::kTelemetry;
  config.topic = "w.tick";

  const auto check =
      make_health_check(config, {.loop = loop, .context = context, .entry = [&] { return std::optional(entry); }});
  const Time deadline = platform::EventLoop::clock() + 30s;
  while (!publisher.is_wanted("w.tick") && platform::EventLoop::clock() < deadline) loop.run_once(100ms);
  CHECK(publisher.is_wanted("w.tick"));
}

}  // namespace vj::supervisor_host
