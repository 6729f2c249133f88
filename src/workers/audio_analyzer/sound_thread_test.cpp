#include "workers/audio_analyzer/sound_thread.hpp"

#include <future>
#include <memory>
#include <optional>
#include <string>

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;

TEST_CASE("jobs are done in their order, also those that are left when the owner dies") {
  const auto done = std::make_shared<std::string>();
  {
    SoundThread thread(60s);
    for (const char c : {'a', 'b', 'c'}) thread.post([done, c] { *done += c; });
  }
  CHECK(*done == "abc");
}

TEST_CASE("a thread that hangs is left behind, with what it shares") {
  auto server_goes_on = std::make_shared<std::promise<void>>();
  auto ended = std::make_shared<std::promise<void>>();
  auto waits_for_it = ended->get_future();
  std::optional<SoundThread> thread(std::in_place, 1ms);
  thread->post([server = server_goes_on->get_future().share(), kept = std::make_shared<int>(7)] {
    server.wait();
    CHECK(*kept == 7);
  });
  thread->post([ended] { ended->set_value(); });
  thread.reset();
  CHECK(waits_for_it.wait_for(0s) == std::future_status::timeout);
  server_goes_on->set_value();
  waits_for_it.wait();
}
