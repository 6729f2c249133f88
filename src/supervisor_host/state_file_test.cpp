#include "supervisor_host/state_file.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace vj::supervisor_host {

namespace {

using supervision::Generation;
using supervision::Intent;

WorkerRecords one_of_each() {
  return {{"resting", Intent::kStop, 0, Generation{3}, "t1", AtRest{}},
          {"starting", Intent::kRun, 1, Generation{4}, "t2", SpawnUnderWay{}},
          {"alive", Intent::kRun, 2, Generation{5}, "t3", Alive{{"boot", 77, 12345}}},
          {"stopping", Intent::kStop, 0, Generation{5}, "t3", Alive{{"boot", 77, 12345}, supervision::Stopped{}}},
          {"restarting", Intent::kRun, 0, Generation{5}, "t3",
           Alive{{"boot", 77, 12345}, supervision::StartAgain{.after_stop = true}}},
          {"crashed", Intent::kRun, 2, Generation{5}, "t3",
           Alive{{"boot", 77, 12345}, supervision::BackingOff{Time(1234567890123456789ns), 20s, "no heartbeat"}}},
          {"refused", Intent::kRun, 2, Generation{5}, "t3", Alive{{"boot", 77, 12345}, supervision::Failed{"78"}}},
          {"waiting", Intent::kRun, 3, Generation{6}, "t4",
           supervision::BackingOff{Time(1234567890123456789ns), 20s, "crashed (exit code: 1)"}},
          {"failed", Intent::kRun, 10, Generation{7}, "t5", supervision::Failed{"10 restarts used up"}}};
}

}  // namespace

TEST_CASE("a state is read as it was written") {
  CHECK(decode_state(encode_state(one_of_each(), "boot"), "boot") == one_of_each());
}

TEST_CASE("a state of another boot is refused, because its processes are gone") {
  CHECK(decode_state(encode_state(one_of_each(), "boot"), "another").error().code == ErrorCode::kNotFound);
}

TEST_CASE("a state that is cut off at any byte is refused, never half believed") {
  const std::string whole = encode_state(one_of_each(), "boot");
  const std::size_t last_brace = whole.rfind('}');
  for (std::size_t length = 0; length <= last_brace; ++length) {
    REQUIRE(decode_state(whole.substr(0, length), "boot").error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("what is no state is refused") {
  for (const auto* text : {"", "[]", "{}", "null", R"({"version":2,"boot_id":"boot","workers":[]})",
                           R"({"version":1,"boot_id":"boot","workers":[{"name":"w","phase":"dreaming"}]})",
                           R"({"version":1,"boot_id":"boot","workers":[7]})"}) {
    CHECK(decode_state(text, "boot").error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("a home without a state is a home where nothing was running") {
  const test::TemporaryFolder home;
  CHECK(read_state(home.path()) == WorkerRecords{});
}

TEST_CASE("a written state is found again in the home") {
  const test::TemporaryFolder home;
  const WorkerRecords records{{"w", Intent::kRun, 2, Generation{5}, "t", Alive{{platform::boot_id(), 77, 1}}}};
  REQUIRE(write_state(home.path(), records));
  CHECK(read_state(home.path()) == records);
}

}  // namespace vj::supervisor_host
