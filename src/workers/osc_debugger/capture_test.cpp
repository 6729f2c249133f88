#include "workers/osc_debugger/capture.hpp"

#include <doctest/doctest.h>

#include "osc/packet_writer.hpp"
#include "workers/osc_debugger/capture_ring.hpp"

using namespace vj;
using namespace vj::osc_debugger;
using wire::Value;

namespace {

Capture capture(std::string bytes) {
  return {
      .time = WallTime(1500ms), .peer = *platform::UdpAddress::numeric("192.0.2.7", 52011), .bytes = std::move(bytes)};
}

std::vector<std::uint64_t> numbers(const CaptureRing& ring) {
  std::vector<std::uint64_t> all;
  for (const auto& one : ring.captures()) all.push_back(one.seq);
  return all;
}

}  // namespace

TEST_CASE("what came in is told with its peer") {
  CHECK(
      message_of(capture(osc::encode_message("/1/fader3", {0.503F}))) ==
      wire::OscMessage{
          .time = 1.5, .peer = "192.0.2.7:52011", .address = "/1/fader3", .types = "f", .args = Value::array({0.503})});
}

TEST_CASE("what went out is told with its targets") {
  auto out = capture(osc::encode_message("/x"));
  out.is_out = true;
  out.targets = "visuals,resolume";
  CHECK(message_of(out).peer == "visuals,resolume");
  CHECK(message_of(out).is_out);
}

TEST_CASE("what could not be read is told with the reason and its bytes") {
  auto bad = capture(std::string("/x\0\0,i", 6));
  bad.error = "type tag string not terminated";
  const auto message = message_of(bad);
  CHECK(message.address.empty());
  CHECK(message.error == "type tag string not terminated");
  CHECK(message.packet == "2f 78 00 00 2c 69");
}

TEST_CASE("an empty bundle is told as one") {
  Capture empty = capture("");
  empty.is_empty_bundle = true;
  empty.time_tag = osc::TimeTag{};
  CHECK(message_of(empty).note == "empty bundle");
  CHECK(message_of(empty).time_tag == "immediately");
}

TEST_CASE("a recording has the bytes only where JSON does not give them back") {
  CHECK(exact_message_of(capture(osc::encode_message("/x", {0.1F}))).packet.empty());
  CHECK_FALSE(exact_message_of(capture(osc::encode_message("/x", {std::string_view("\xff")}))).packet.empty());
  const auto odd = exact_message_of(capture(std::string("/x\0\0", 4)));
  CHECK(odd.packet == "2f 78 00 00");
  CHECK(odd.note == "no type tags");
}

TEST_CASE("the ring keeps the newest, within both bounds, and its numbers go on") {
  CaptureRing ring(3, 100);
  for (int i = 0; i < 5; ++i) ring.add(capture("12345678"));
  CHECK(numbers(ring) == std::vector<std::uint64_t>{3, 4, 5});
  ring.add(capture(std::string(90, 'x')));
  CHECK(numbers(ring) == std::vector<std::uint64_t>{5, 6});
  ring.add(capture(std::string(500, 'x')));
  CHECK(numbers(ring) == std::vector<std::uint64_t>{7});
  ring.clear();
  CHECK(ring.add(capture("")) == 8);
  CHECK(ring.total() == 8);
}

TEST_CASE("the ring is read from a number on") {
  CaptureRing ring(10, 1000);
  for (int i = 0; i < 5; ++i) ring.add(capture(""));
  CHECK(ring.after(0)->seq == 1);
  CHECK(ring.after(3)->seq == 4);
  CHECK(ring.after(5) == ring.captures().end());
}
