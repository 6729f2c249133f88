// Nothing is allocated while sound is analyzed. The operators below are those of the whole test program.
#include <atomic>
#include <cstdlib>
#include <new>

#include <doctest/doctest.h>

#include "audio/analyzer.hpp"
#include "support/sounds.hpp"

namespace {
std::atomic<long> allocations{0};

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

using namespace vj::audio;
using namespace vj::test;

static_assert(noexcept(std::declval<Analyzer&>().process(std::declval<std::span<const float, kHop>>())));

TEST_CASE("no memory is allocated by process, reset, toggles, tap and scale") {
  Analyzer analyzer({});
  const Sound sound = four_on_the_floor(128, 6);
  const long before = allocations;
  for (std::size_t i = 0; i + kHop <= sound.size(); i += kHop) {
    (void)analyzer.process(std::span<const float>(sound).subspan(i).first<kHop>());
    if (i == 100 * kHop) analyzer.set_features({.pitch = false});
    if (i == 200 * kHop) analyzer.set_features({});
    if (i == 300 * kHop || i == 380 * kHop) analyzer.tap(0.01);
    if (i == 500 * kHop) analyzer.scale_tempo(2);
    if (i == 700 * kHop) analyzer.reset();
  }
  CHECK(allocations == before);
}
