#include "osc/message_words.hpp"

#include <vector>

#include <doctest/doctest.h>

#include "osc/argument_text.hpp"
#include "osc/packet_writer.hpp"

using namespace vj;
using namespace vj::osc;

namespace {

using Words = std::vector<std::string>;

std::string problem_of(std::string_view types, const Words& words) {
  return message_from_words("/x", types, words).error().message;
}

}  // namespace

TEST_CASE("words become arguments of the types that are asked for") {
  const Words words{"-3",          "0.5", "two words", "2f 78",     "9000000000", "1e300",
                    "immediately", "sym", "A",         "#ff8000ff", "00903c40",   "7"};
  const auto packet = message_from_words("/x", "ifsbhdtScrmTFNI[i]", words);
  REQUIRE(packet);
  CHECK(*packet == encode_message("/x", {std::int32_t{-3}, 0.5F, std::string_view("two words"), Blob{"/x"},
                                         std::int64_t{9000000000}, 1e300, TimeTag{}, Symbol{"sym"}, Character{'A'},
                                         Color{255, 128, 0, 255}, Midi{0, 0x90, 0x3c, 0x40}, true, false, Nil{},
                                         Infinitum{}, ArrayBegin{}, std::int32_t{7}, ArrayEnd{}}));
}

TEST_CASE("the text of an argument gives the argument back") {
  const auto packet = encode_message("/x", {0.1F, 0.1, 1e-40F, -0.0F, Blob{{"\0\xff", 2}}, TimeTag{0xec4bdb0012345678},
                                            Color{1, 2, 3, 4}, Midi{1, 2, 3, 4}});
  const auto message = read_message(packet).value();
  Words words;
  ArgumentReader reader(message);
  while (const auto argument = reader.next()) words.push_back(to_text(*argument));
  CHECK(message_from_words("/x", message.types, words) == packet);
}

TEST_CASE("a word that does not fit its type is named") {
  CHECK(problem_of("i", {"many"}) == "argument 1: 'many' is not a whole number of 32 bits");
  CHECK(problem_of("si", {"a", "3000000000"}) == "argument 2: '3000000000' is not a whole number of 32 bits");
  CHECK(problem_of("f", {"1.5x"}) == "argument 1: '1.5x' is not a number");
  CHECK(problem_of("b", {"2f7"}) == "argument 1: blob '2f7': hexadecimal digits come in pairs");
  CHECK(problem_of("r", {"red"}) == "argument 1: 'red' is not a colour like #ff8000ff");
  CHECK(problem_of("c", {"ab"}) == "argument 1: 'ab' is not one ASCII character");
}

TEST_CASE("types and words must be as many as each other") {
  CHECK(problem_of("ii", {"1"}) == "types 'ii' need more than 1 arguments");
  CHECK(problem_of("T", {"1"}) == "types 'T' take 0 arguments, 1 were given");
  CHECK(problem_of("[i", {"1"}) == "brackets in '[i' do not match");
  CHECK(problem_of("]i[", {"1"}) == "brackets in ']i[' do not match");
  CHECK(problem_of("x", {"1"}) == "'x' is no OSC type; there are ifsbhdtScrmTFNI[]");
}

TEST_CASE("an address begins with a slash") {
  CHECK(message_from_words("x", "", {}).error().message == "an OSC address begins with '/', 'x' does not");
}
