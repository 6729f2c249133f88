#include "osc/packet_reader.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "osc/argument_text.hpp"
#include "osc/packet_writer.hpp"
#include "osc/time_tag_text.hpp"
#include "support/osc_corpus.hpp"
#include "support/paths.hpp"

using namespace vj;
using namespace vj::osc;

namespace {

std::string line_of(const PacketItem& item) {
  if (const auto* malformed = std::get_if<Malformed>(&item)) return "malformed: " + malformed->reason();
  if (const auto* empty = std::get_if<EmptyBundle>(&item)) return "empty bundle @" + to_text(empty->time_tag);
  const auto& message = std::get<MessageView>(item);
  std::string line(message.address);
  if (!message.types.empty()) line += format(" {} {}", message.types, arguments_text(message));
  if (message.time_tag) line += " @" + to_text(*message.time_tag);
  if (message.note.kind != Note::Kind::kNone) line += format(" ({})", to_string(message.note));
  return line;
}

std::string lines_of(std::string_view packet) {
  std::string lines;
  PacketReader reader(packet);
  while (const auto item = reader.next()) lines += line_of(*item) + '\n';
  return lines;
}

// `count` bundles, one in the other, around one message.
std::string nested_bundles(std::size_t count) {
  std::string packet = encode_message("/deep");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view inner = packet;
    packet = encode_bundle(TimeTag{}, {&inner, 1});
  }
  return packet;
}

}  // namespace

TEST_CASE("every packet of the corpus is read as it says") {
  const auto corpus = test::osc_corpus(testing::source_path("src/osc/testdata/packets.txt"));
  REQUIRE(corpus.size() > 30);
  for (const auto& packet : corpus) {
    CAPTURE(packet.name);
    CHECK(lines_of(packet.bytes) == packet.lines);
  }
}

TEST_CASE(
    "a packet that is cut anywhere is told as malformed or read as far as it goes, and never read beyond its end") {
  for (const auto& packet : test::osc_corpus(testing::source_path("src/osc/testdata/packets.txt"))) {
    for (std::size_t size = 0; size < packet.bytes.size(); ++size) {
      // A copy of exactly that size, so that the address sanitizer sees every step too far.
      const std::vector<char> cut(packet.bytes.begin(), packet.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      const auto lines = lines_of({cut.data(), cut.size()});
      CHECK((size != 0 || lines == "malformed: empty packet\n"));
    }
  }
}

TEST_CASE("bundles are read to a depth of 32") {
  CHECK(lines_of(nested_bundles(kDeepestBundle)) == "/deep @immediately\n");
  CHECK(lines_of(nested_bundles(kDeepestBundle + 1)) == "malformed: bundles nested deeper than 32\n");
}

TEST_CASE("what is too deep does not hide what follows") {
  const auto deep = nested_bundles(kDeepestBundle), after = encode_message("/after");
  const std::string_view elements[] = {deep, after};
  CHECK(lines_of(encode_bundle(TimeTag{}, elements)) ==
        "malformed: bundles nested deeper than 32\n/after @immediately\n");
}

TEST_CASE("a malformed element points at its own bytes") {
  const auto good = encode_message("/good");
  const std::string_view elements[] = {good, "junk"};
  const auto packet = encode_bundle(TimeTag{}, elements);
  PacketReader reader(packet);
  REQUIRE(reader.next());
  const auto item = reader.next();
  REQUIRE(item);
  CHECK(std::get<Malformed>(*item).bytes == "junk");
}

TEST_CASE("the arguments of a message come out as they went in") {
  const std::vector<Argument> arguments{std::int32_t{-1},
                                        0.5F,
                                        std::string_view("déjà vu"),
                                        Blob{{"\0\1\2\3\4", 5}},
                                        std::int64_t{1} << 40,
                                        2.5,
                                        TimeTag{0x0123456789abcdef},
                                        Symbol{"sym"},
                                        Character{'x'},
                                        Color{1, 2, 3, 4},
                                        Midi{0, 0x90, 60, 64},
                                        true,
                                        false,
                                        Nil{},
                                        Infinitum{},
                                        ArrayBegin{},
                                        std::int32_t{7},
                                        ArrayEnd{}};
  const auto packet = encode_message("/every/type", arguments);
  const auto message = read_message(packet).value();
  CHECK(message.address == "/every/type");
  CHECK(message.types == "ifsbhdtScrmTFNI[i]");
  CHECK(message.note == Note{});
  std::vector<Argument> read;
  ArgumentReader reader(message);
  while (const auto argument = reader.next()) read.push_back(*argument);
  CHECK((read == arguments));
}
