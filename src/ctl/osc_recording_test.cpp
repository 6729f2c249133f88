#include "ctl/osc_recording.hpp"

#include <doctest/doctest.h>

#include "osc/packet_writer.hpp"

using namespace vj;
using namespace vj::ctl;
using wire::Value;

namespace {

std::string problem_of(std::string_view recording) { return replay_of(recording, true).error().message; }

wire::OscMessage sent(double time, std::string address) {
  return {.time = time, .is_out = true, .peer = "visuals", .address = std::move(address)};
}

}  // namespace

TEST_CASE("a recording is replayed with its own timing") {
  const auto recording = recorded_line(sent(100.0, "/a")) + "\n" + recorded_line(sent(100.5, "/b")) + "\n";
  CHECK(replay_of(recording, false).value() ==
        std::vector<ReplayedMessage>{{0s, osc::encode_message("/a")}, {500ms, osc::encode_message("/b")}});
}

TEST_CASE("what came in from elsewhere is replayed only if wanted") {
  auto in = sent(1, "/in");
  in.is_out = false;
  const auto recording = recorded_line(in) + "\n" + recorded_line(sent(2, "/out"));
  CHECK(replay_of(recording, false).value() == std::vector<ReplayedMessage>{{0s, osc::encode_message("/out")}});
  CHECK(replay_of(recording, true).value().size() == 2);
}

TEST_CASE("a recording may be written by hand") {
  const auto replay = replay_of(
                          "{\"time\": 1, \"address\": \"/vj/mood\", \"types\": \"s\", \"args\": [\"calm\"]}\n\n"
                          "{\"time\": 0, \"address\": \"/karaoke/lyrics/reset\"}\n",
                          false)
                          .value();
  CHECK(replay == std::vector<ReplayedMessage>{{0s, osc::encode_message("/karaoke/lyrics/reset")},
                                               {1s, osc::encode_message("/vj/mood", {std::string_view("calm")})}});
}

TEST_CASE("bytes that JSON cannot give back are replayed as they were") {
  auto odd = sent(1, "/x");
  odd.packet = "2f 78 00 00";
  CHECK(replay_of(recorded_line(odd), false).value().front().packet == std::string("/x\0\0", 4));
}

TEST_CASE("a line that is wrong is named") {
  CHECK(problem_of("{}").starts_with("line 1: a message has 'time' and 'address'"));
  CHECK(problem_of("\n{\"time\": 1, \"address\": \"x\"}") == "line 2: an OSC address begins with '/', 'x' does not");
  CHECK(problem_of("nonsense").starts_with("line 1: "));
}
