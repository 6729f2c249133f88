#include "workers/osc_debugger/address_table.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::osc_debugger;

TEST_CASE("every address has its count, its rate and its last message") {
  AddressTable table(10);
  for (int i = 0; i < 100; ++i) table.add("/beat", {.bytes = std::to_string(i)}, Time(1h) + i * 10ms);
  table.add("/mood", {.bytes = "calm"}, Time(1h));
  const auto& beat = table.addresses().find("/beat")->second;
  CHECK(beat.count == 100);
  CHECK(beat.rate.per_second(Time(1h) + 1s) == 100);
  CHECK(beat.last.bytes == "99");
  CHECK(table.addresses().size() == 2);
}

TEST_CASE("more addresses than there is room for are counted together") {
  AddressTable table(2);
  for (const auto* address : {"/a", "/b", "/c", "/d", "/a"}) table.add(address, {}, Time(1h));
  CHECK(table.addresses().size() == 2);
  CHECK(table.uncounted() == 2);
  table.clear();
  CHECK(table.addresses().empty());
  CHECK(table.uncounted() == 0);
}
