#include "wire/osc_payload.hpp"

#include <limits>

#include <doctest/doctest.h>

#include "osc/message_words.hpp"
#include "osc/packet_writer.hpp"
#include "support/osc_corpus.hpp"
#include "support/paths.hpp"
#include "wire/json.hpp"

using namespace vj;
using namespace vj::wire;

namespace {

OscMessage message_of(std::string_view packet) {
  const auto view = osc::read_message(packet).value();
  return {.address = std::string(view.address), .types = std::string(view.types), .args = osc_arguments(view)};
}

OscMessage message_with(std::initializer_list<osc::Argument> arguments) {
  return message_of(osc::encode_message("/x", arguments));
}

}  // namespace

TEST_CASE("arguments become the JSON that people expect") {
  const auto message =
      message_with({std::int32_t{1}, 0.1F, std::string_view("Déjà\nvu"), osc::Blob{"\x2f\x78"}, std::int64_t{-5}, 0.1,
                    osc::TimeTag{}, osc::Symbol{"sym"}, osc::Character{'A'}, osc::Color{255, 128, 0, 255},
                    osc::Midi{0, 0x90, 0x3c, 0x40}, true, false, osc::Nil{}, osc::Infinitum{}});
  CHECK(to_json(message.args) == R"([1,0.1,"Déjà\nvu","2f 78",-5,0.1,"immediately","sym","A","#ff8000ff",)"
                                 R"("00 90 3c 40",true,false,null,"infinitum"])");
}

TEST_CASE("arrays become arrays") {
  const auto message = message_with({osc::ArrayBegin{}, std::int32_t{1}, osc::ArrayBegin{}, std::int32_t{2},
                                     osc::ArrayEnd{}, osc::ArrayEnd{}, osc::ArrayBegin{}, osc::ArrayEnd{}});
  CHECK(to_json(message.args) == "[[1,[2]],[]]");
}

TEST_CASE("arrays that are nested beyond reason stay within what JSON readers take") {
  const std::string open(5000, '['), close(5000, ']');
  const auto packet = osc::message_from_words("/x", open + "i" + close, std::vector<std::string>{"7"}).value();
  CHECK(parse_json(to_json(message_of(packet).args)));
}

TEST_CASE("a float that is no number is told as text") {
  CHECK(
      to_json(message_with({std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}).args) ==
      R"(["nan","-inf"])");
}

TEST_CASE("a message in JSON gives its packet back") {
  for (const auto& packet : test::osc_corpus(testing::source_path("src/osc/testdata/packets.txt"))) {
    const auto view = osc::read_message(packet.bytes);
    if (!view || view->note.kind != osc::Note::Kind::kNone) continue;
    if (packet.name.starts_with("control characters")) continue;  // broken UTF-8 has no JSON
    if (packet.name == "numbers that are none") continue;         // there are many, and text knows one
    if (packet.name.ends_with("padding that is not zero")) continue;
    CAPTURE(packet.name);
    const auto copy = osc_message_from(parse_json(to_json(to_value(message_of(packet.bytes)))).value());
    REQUIRE(copy);
    CHECK(osc_packet(*copy) == packet.bytes);
  }
}

TEST_CASE("a message that says its bytes is those bytes") {
  CHECK(osc_packet({.address = "/x", .packet = "2f 78 00 00"}) == std::string("/x\0\0", 4));
}

TEST_CASE("arguments that do not fit their types are refused") {
  CHECK(osc_packet({.address = "/x", .types = "i", .args = Value::array({1, 2})}).error().message ==
        "types 'i' do not take 2 arguments");
  CHECK_FALSE(osc_packet({.address = "/x", .types = "i", .args = Value::array({"many"})}));
  CHECK_FALSE(osc_packet({.address = "/x", .types = "ii", .args = Value::array({1})}));
}

TEST_CASE("every field of a message comes through") {
  const OscMessage message{.seq = 7,
                           .time = 12.5,
                           .is_out = true,
                           .peer = "visuals",
                           .address = "/x",
                           .types = "i",
                           .args = Value::array({1}),
                           .time_tag = "immediately",
                           .note = "odd",
                           .error = "bad",
                           .packet = "00"};
  CHECK(osc_message_from(to_value(message)) == message);
  CHECK_FALSE(osc_message_from(Value::object()));
}

TEST_CASE("people read one argument as it is, and several in brackets") {
  CHECK(osc_arguments_text(message_with({std::string_view("energetic")})) == "energetic");
  CHECK(osc_arguments_text(message_with({128.0F})) == "128.0");
  CHECK(osc_arguments_text(message_with({std::int32_t{1}, 128.0F, std::string_view("a")})) == "[1, 128.0, \"a\"]");
  CHECK(osc_arguments_text(message_with({osc::ArrayBegin{}, 1.0F, osc::ArrayEnd{}, osc::Nil{}})) == "[[1.0], nil]");
  CHECK(osc_arguments_text(message_with({})).empty());
  CHECK(osc_arguments_text(message_with({std::string_view("\x1b[2J")})) == "[2J");
}
