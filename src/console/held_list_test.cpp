#include "console/held_list.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace vj::console {
namespace {

struct Item {
  int number = 0;
  std::size_t size = 1;

  [[nodiscard]] std::size_t bytes() const { return size; }
};

using List = HeldList<Item>;
constexpr std::size_t kMostBytes = 100;

bool is_even(const Item& item) { return item.number % 2 == 0; }

// 1 to `last`, of which the even ones are shown.
List evens(int last, std::size_t most_items = 100) {
  List list(most_items, kMostBytes);
  for (int i = 1; i <= last; ++i) (void)list.append({i}, is_even({i}));
  return list;
}

std::vector<int> shown(const List& list) {
  std::vector<int> numbers;
  for (std::size_t i = 0; i < list.size(); ++i) numbers.push_back(list[i].number);
  return numbers;
}

TEST_CASE("what passes is shown, oldest first; all is kept") {
  const List list = evens(5);
  CHECK(shown(list) == std::vector{2, 4});
  CHECK(list.items().size() == 5);
}

TEST_CASE("beyond its number of items the oldest falls out, and whether that was shown is told") {
  List list = evens(4, 4);
  CHECK(list.append({5}, false) == 0);  // the 1 was hidden
  CHECK(list.append({6}, true) == 1);   // the 2 was not
  CHECK(shown(list) == std::vector{4, 6});
}

TEST_CASE("beyond its bytes as many fall out as it takes, but never the newest") {
  List list = evens(10);
  CHECK(list.append({11, kMostBytes - 1}, true) == 4);  // 2, 4, 6, 8
  CHECK(shown(list) == std::vector{10, 11});
  CHECK(list.append({12, 5 * kMostBytes}, true) == 2);
  CHECK(shown(list) == std::vector{12});
  CHECK(list.append({13}, true) == 1);
  CHECK(shown(list) == std::vector{13});
}

TEST_CASE("the number of an item stays with it, also when others fall out or the filter changes") {
  List list = evens(4, 4);
  const auto id = list.id(1);
  CHECK(list[1].number == 4);
  (void)list.append({5}, false);
  (void)list.append({6}, true);
  CHECK(list.place_of(id) == 0);
  list.filter_again([](const Item& item) { return !is_even(item); });
  CHECK(shown(list) == std::vector{3, 5});
  CHECK(list.place_of(id) == 1);  // the 4 is hidden: the next newer one
  list.filter_again([](const Item&) { return true; });
  CHECK(list[list.place_of(id)].number == 4);
  CHECK(list.place_of(id + 100) == list.size());
}

TEST_CASE("what waits is not shown, and does not push out what is") {
  List list = evens(4, 4);
  for (int i = 5; i <= 20; ++i) list.wait({i});
  CHECK(shown(list) == std::vector{2, 4});
  CHECK(list.waiting_count() == 16);
  const auto [items, lost] = list.take_waiting();
  CHECK(lost == 12);
  REQUIRE(items.size() == 4);
  CHECK(items.front().number == 17);
  CHECK(list.waiting_count() == 0);
  CHECK(list.take_waiting().lost == 0);
}

TEST_CASE("what waits holds no more bytes than it may") {
  List list(100, kMostBytes);
  for (int i = 1; i <= 10; ++i) list.wait({i, kMostBytes / 2});
  CHECK(list.waiting().size() == 2);
  CHECK(list.waiting_count() == 10);
}

TEST_CASE("a list that was cleared is empty, and its numbers go on") {
  List list = evens(4);
  const auto last = list.id(1);
  list.wait({5});
  list.clear();
  CHECK(list.size() == 0);
  CHECK(list.items().empty());
  CHECK(list.waiting_count() == 0);
  (void)list.append({6, kMostBytes}, true);
  CHECK(list.id(0) > last);
}

}  // namespace
}  // namespace vj::console
