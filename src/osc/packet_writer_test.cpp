#include "osc/packet_writer.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::osc;

TEST_CASE("addresses, type tags, strings and blobs are padded to four bytes") {
  CHECK(encode_message("/abc") == std::string("/abc\0\0\0\0,\0\0\0", 12));
  CHECK(encode_message("/x", {std::string_view("abcd"), Blob{"1"}}) ==
        std::string("/x\0\0,sb\0abcd\0\0\0\0\0\0\0\1\x31\0\0\0", 24));
}

TEST_CASE("what follows a zero byte in a text is left out") {
  CHECK(encode_message("/x", {std::string_view("a\0b", 3)}) == encode_message("/x", {std::string_view("a")}));
}

TEST_CASE("a buffer for bundles is used again") {
  const auto message = encode_message("/x", {std::int32_t{1}});
  const std::string_view elements[] = {message, message};
  std::string buffer = "what was there before";
  encode_bundle_into(buffer, TimeTag{}, elements);
  CHECK(buffer == encode_bundle(TimeTag{}, elements));
  CHECK(buffer.size() == 16 + 2 * (4 + message.size()));
}

TEST_CASE("for receivers that know only ASCII the strings of a message are rewritten, and nothing else") {
  const auto packet = encode_message("/line", {std::int32_t{1}, std::string_view("Déjà vu"), Blob{"\xc3"}});
  CHECK(ascii_message(packet) == encode_message("/line", {std::int32_t{1}, std::string_view("Deja vu"), Blob{"\xc3"}}));
  CHECK_FALSE(ascii_message(encode_message("/line", {std::string_view("plain")})));
  CHECK_FALSE(ascii_message("#bundle"));
}
