#include "osc/prepared_message.hpp"

#include <cstdlib>
#include <new>

#include <doctest/doctest.h>

#include "osc/argument_text.hpp"
#include "osc/packet_writer.hpp"

using namespace vj;
using namespace vj::osc;

namespace {
std::size_t allocations = 0;
}  // namespace

// Counts for the whole test program; only the case below looks.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("a prepared message is the packet of its values") {
  PreparedMessage beat("/audio/beat", {std::int32_t{1}, 128.0F, 0.5F, std::int32_t{1}, 468.7F});
  CHECK(beat.bytes() == encode_message("/audio/beat", {std::int32_t{1}, 128.0F, 0.5F, std::int32_t{1}, 468.7F}));
  beat.set(0, std::int32_t{0});
  beat.set(2, 0.25F);
  CHECK(beat.bytes() == encode_message("/audio/beat", {std::int32_t{0}, 128.0F, 0.25F, std::int32_t{1}, 468.7F}));
}

TEST_CASE("numbers are found behind strings, blobs and arguments without bytes") {
  PreparedMessage message("/x", {std::string_view("four"), Blob{"12345"}, true, std::int64_t{1}, 1.0, 1.0F});
  message.set(3, std::int64_t{-2});
  message.set(4, 2.5);
  message.set(5, 3.5F);
  CHECK(message.bytes() ==
        encode_message("/x", {std::string_view("four"), Blob{"12345"}, true, std::int64_t{-2}, 2.5, 3.5F}));
}

TEST_CASE("many floats are prepared by their number") {
  auto levels = PreparedMessage::of_floats("/audio/levels", 3);
  levels.set(2, 1.0F);
  CHECK(levels.bytes() == encode_message("/audio/levels", {0.0F, 0.0F, 1.0F}));
}

TEST_CASE("replacing numbers allocates nothing") {
  auto levels = PreparedMessage::of_floats("/audio/levels", 8);
  const auto before = allocations;
  for (std::size_t i = 0; i < 8; ++i) levels.set(i, 0.5F);
  const auto size = levels.bytes().size();
  CHECK(allocations == before);
  CHECK(size == 60);
}
