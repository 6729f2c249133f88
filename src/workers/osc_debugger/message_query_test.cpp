#include "workers/osc_debugger/message_query.hpp"

#include <doctest/doctest.h>

#include "osc/packet_writer.hpp"
#include "wire/json.hpp"

using namespace vj;
using namespace vj::osc_debugger;
using wire::Value;

namespace {

CaptureRing ring_of(int count, std::string_view address = "/n") {
  CaptureRing ring(100000, 100 << 20);
  for (std::int32_t i = 1; i <= count; ++i) ring.add({.bytes = osc::encode_message(address, {i})});
  return ring;
}

std::vector<std::uint64_t> numbers(const Found& found) {
  std::vector<std::uint64_t> all;
  for (const auto& message : found.messages) all.push_back(message.seq);
  return all;
}

Found ask(const CaptureRing& ring, const Value& payload) { return find(ring, message_query_from(payload).value()); }

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("without a number the newest are found, oldest first") {
  CHECK(numbers(ask(ring_of(5), Value::object({{"limit", 3}}))) == Numbers{3, 4, 5});
  CHECK(numbers(ask(ring_of(300), Value::object({}))).size() == 200);
}

TEST_CASE("from a number on the oldest are found, and where to go on") {
  const auto ring = ring_of(5);
  const auto first = ask(ring, Value::object({{"since", 1}, {"limit", 2}}));
  CHECK(numbers(first) == Numbers{2, 3});
  CHECK(first.through == 3);
  const auto second = ask(ring, Value::object({{"since", 3}, {"limit", 10}}));
  CHECK(numbers(second) == Numbers{4, 5});
  CHECK(second.through == 5);
  CHECK(ask(ring, Value::object({{"since", 5}})).messages.empty());
}

TEST_CASE("an answer fits into one message on the bus, also where JSON makes its text six times as long") {
  CaptureRing ring(100000, 100 << 20);
  const std::string text(60'000, '\x01');
  for (int i = 0; i < 20; ++i) ring.add({.bytes = osc::encode_message("/t", {std::string_view(text)})});
  const auto found = ask(ring, Value::object({}));
  REQUIRE_FALSE(found.messages.empty());
  std::size_t bytes = 0;
  for (const auto& message : found.messages) bytes += wire::to_json(wire::to_value(message)).size();
  CHECK(bytes < 1'000'000);
}

TEST_CASE("a filter is looked for in addresses and arguments") {
  const auto ring = ring_of(12);
  CHECK(numbers(ask(ring, Value::object({{"filter", "12"}}))) == Numbers{12});
  CHECK(numbers(ask(ring, Value::object({{"filter", "/?"}, {"limit", 1}}))) == Numbers{12});
  CHECK(ask(ring, Value::object({{"filter", "!/n"}})).messages.empty());
}

TEST_CASE("an answer stays below what the bus takes") {
  CaptureRing ring(1000, 100 << 20);
  for (int i = 0; i < 100; ++i)
    ring.add({.bytes = osc::encode_message("/s", {std::string_view(std::string(60000, 'x'))})});
  const auto found = ask(ring, Value::object({{"since", 0}, {"limit", 1000}}));
  CHECK(found.messages.size() > 5);
  CHECK(found.messages.size() < 17);
  CHECK(found.through == found.messages.back().seq);
}

TEST_CASE("a query that makes no sense is refused with the reason") {
  const auto problem = [](const Value& payload) { return message_query_from(payload).error().message; };
  CHECK(problem(Value::object({{"filter", "/x[1"}})) == "'filter': '[' without ']' in \"[1\"");
  CHECK(problem(Value::object({{"filter", 1}})) == "'filter' must be text");
  CHECK(problem(Value::object({{"since", "yesterday"}})) == "'since' must be a message's seq");
  CHECK(problem(Value::object({{"limit", -1}})) == "'limit' must be a whole number from 0");
}
