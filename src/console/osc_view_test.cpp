#include "console/osc_view.hpp"

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "console/text_layout.hpp"

namespace vj::console {
namespace {

constexpr int kRows = 3;

OscRow row(std::uint64_t seq, std::string address = "/a", std::string arguments = "1") {
  return {.run = 1, .seq = seq, .address = std::move(address), .types = "i", .arguments = std::move(arguments)};
}

OscView view_of(std::uint64_t count) {
  OscView view;
  for (std::uint64_t seq = 1; seq <= count; ++seq) view.add(row(seq));
  return view;
}

using Numbers = std::vector<std::uint64_t>;

Numbers page_of(const OscView& view, int rows = kRows) {
  Numbers numbers;
  for (std::size_t i = view.top(rows); i < view.size() && numbers.size() < static_cast<std::size_t>(rows); ++i) {
    numbers.push_back(view.row(i).seq);
  }
  return numbers;
}

TEST_CASE("the newest message is at the top, and followed") {
  OscView view = view_of(5);
  CHECK(page_of(view) == Numbers{5, 4, 3});
  view.add(row(6));
  CHECK(page_of(view) == Numbers{6, 5, 4});
}

TEST_CASE("moving down selects the newest first, and what is shown stays put while more comes") {
  OscView view = view_of(10);
  view.select(1, kRows);
  CHECK(view.selected() == 0);
  CHECK_FALSE(view.following());
  view.add(row(11));
  view.add(row(12));
  CHECK(page_of(view) == Numbers{10, 9, 8});
  CHECK(view.waiting() == 2);
  for (int i = 0; i < 3; ++i) view.select(1, kRows);
  CHECK(view.selected() == 3);
  CHECK(page_of(view) == Numbers{9, 8, 7});
}

TEST_CASE("moving up from the newest follows again, with everything that waited") {
  OscView view = view_of(10);
  view.select(1, kRows);
  view.add(row(11));
  view.select(-1, kRows);
  CHECK(view.following());
  CHECK(page_of(view) == Numbers{11, 10, 9});
  view.select(-1, kRows);
  CHECK(view.following());
}

TEST_CASE("scrolling moves the page at once and keeps the selected row on it") {
  OscView view = view_of(10);
  view.scroll(3, kRows);
  CHECK(page_of(view) == Numbers{7, 6, 5});
  CHECK(view.selected() == 3);
  view.scroll(100, kRows);
  CHECK(page_of(view) == Numbers{3, 2, 1});
  view.scroll(-100, kRows);
  CHECK(page_of(view) == Numbers{10, 9, 8});
  CHECK(view.selected() == 2);
  view.scroll(-1, kRows);
  CHECK(view.following());
}

TEST_CASE("a paused list survives any flood; what had to go is counted") {
  OscView view = view_of(10);
  view.pause();
  for (std::uint64_t seq = 11; seq <= 10 + OscView::kCapacity + 100; ++seq) view.add(row(seq));
  CHECK(page_of(view) == Numbers{10, 9, 8});
  CHECK(view.waiting() == OscView::kCapacity + 100);
  view.follow();
  CHECK_FALSE(view.paused());
  CHECK(page_of(view) == Numbers{5110, 5109, 5108});
  CHECK(view.missed() == 100);
  CHECK(view.size() == OscView::kCapacity);
}

TEST_CASE("the list holds no more bytes than it may, however long the messages are") {
  OscView view;
  for (std::uint64_t seq = 1; seq <= 100; ++seq) view.add(row(seq, "/blob", std::string(1 << 20, 'f')));
  CHECK(view.size() < 10);
  CHECK(page_of(view, 1) == Numbers{100});
}

TEST_CASE("a message that came before is not shown again, unless the debugger counts anew") {
  OscView view = view_of(3);
  view.add(row(2));
  view.add(row(3));
  CHECK(view.size() == 3);
  auto fresh = row(1);
  fresh.run = 2;
  view.add(fresh);
  CHECK(page_of(view) == Numbers{1, 3, 2});
}

TEST_CASE("a filter is a text, a pattern, or the contrary, and says how many pass") {
  OscView view;
  view.add(row(1, "/audio/beat"));
  view.add(row(2, "/vj/mood", "energetic"));
  view.add(row(3, "/audio/levels"));
  CHECK(view.set_filter("/audio"));
  CHECK(page_of(view) == Numbers{3, 1});
  CHECK(view.all() == 3);
  CHECK(view.set_filter("ENERG"));
  CHECK(page_of(view) == Numbers{2});
  CHECK(view.set_filter("/*/beat"));
  CHECK(page_of(view) == Numbers{1});
  CHECK(view.set_filter("!/audio"));
  CHECK(page_of(view) == Numbers{2});
  view.add(row(4, "/audio/beat"));
  view.add(row(5, "/vj/worker"));
  CHECK(page_of(view) == Numbers{5, 2});
  CHECK(view.set_filter(""));
  CHECK(view.size() == 5);
}

TEST_CASE("a bad pattern is said, and the filter stays as it was") {
  OscView view = view_of(3);
  CHECK(view.set_filter("/a"));
  const auto refused = view.set_filter("/a[1");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "'[' without ']' in \"[1\"");
  CHECK(view.filter() == "/a");
}

TEST_CASE("the reason of a malformed message can be looked for") {
  OscView view = view_of(2);
  OscRow malformed{.run = 1, .seq = 3, .error = "type tag string not terminated"};
  view.add(malformed);
  CHECK(view.set_filter("terminated"));
  CHECK(page_of(view) == Numbers{3});
}

TEST_CASE("the selected message stays selected when the filter changes") {
  OscView view;
  for (std::uint64_t seq = 1; seq <= 20; ++seq) view.add(row(seq, seq % 2 == 0 ? "/even" : "/odd"));
  for (int i = 0; i < 7; ++i) view.select(1, kRows);
  CHECK(view.row(*view.selected()).seq == 14);
  CHECK(view.set_filter("/even"));
  CHECK(view.row(*view.selected()).seq == 14);
  CHECK(view.set_filter("/odd"));  // it has gone: the next newer one
  CHECK(view.row(*view.selected()).seq == 15);
  CHECK(view.set_filter(""));
  CHECK(view.row(*view.selected()).seq == 15);
}

TEST_CASE("the latest of each address, in their order, with what the debugger counted") {
  OscView view;
  view.add(row(1, "/b"));
  view.add(row(2, "/a"));
  view.add(row(3, "/b", "3"));
  view.toggle_latest();
  REQUIRE(view.size() == 2);
  CHECK(view.row(0).address == "/a");
  CHECK(view.row(1).arguments == "3");
  CHECK(view.latest(1)->count == 2);
  view.merge({{.row = row(2, "/b", "old"), .count = 700, .per_second = 86}, {.row = row(1, "/c"), .count = 1}});
  REQUIRE(view.size() == 3);
  CHECK(view.latest(1)->row.arguments == "3");
  CHECK(view.latest(1)->count == 700);
  CHECK(view.row(2).address == "/c");
  view.add(row(4, "/aa"));
  CHECK(view.size() == 4);
  CHECK(view.set_filter("!/a"));
  CHECK(view.size() == 2);
  CHECK(view.all() == 4);
}

TEST_CASE("a message is counted once, whether the debugger counted it or we did") {
  OscView view;
  view.merge({{.row = row(3000, "/many"), .count = 3000}});
  for (std::uint64_t seq = 2500; seq <= 3002; ++seq) view.add(row(seq, "/many"));
  view.toggle_latest();
  CHECK(view.latest(0)->count == 3002);
  view.merge({{.row = row(3001, "/many"), .count = 3001}});
  CHECK(view.latest(0)->count == 3002);
  CHECK(view.row(0).seq == 3002);
}

TEST_CASE("the latest stand still while they are held") {
  OscView view;
  view.add(row(1, "/a", "1"));
  view.toggle_latest();
  view.pause();
  view.add(row(2, "/a", "2"));
  view.add(row(3, "/b", "3"));
  CHECK(view.size() == 1);
  CHECK(view.row(0).arguments == "1");
  view.follow();
  CHECK(view.size() == 2);
  CHECK(view.row(0).arguments == "2");
}

TEST_CASE("addresses beyond the bound are not kept") {
  OscView view;
  for (std::uint64_t seq = 1; seq <= OscView::kMostAddresses + 10; ++seq) view.add(row(seq, format("/{}", seq)));
  view.toggle_latest();
  CHECK(view.size() == OscView::kMostAddresses);
}

TEST_CASE("a cleared list is empty and follows; its numbers go on") {
  OscView view = view_of(5);
  view.pause();
  view.miss(3);
  view.clear();
  CHECK(view.size() == 0);
  CHECK(view.following());
  CHECK(view.missed() == 0);
  view.add(row(5));
  view.add(row(6));
  CHECK(page_of(view) == Numbers{6});
}

TEST_CASE("a copy shows the same") {
  OscView view = view_of(5);
  view.toggle_latest();
  const OscView copy = view;
  view.clear();
  CHECK(copy.row(0).seq == 5);
}

TEST_CASE("arguments are cut between arguments where that is possible") {
  CHECK(cut_arguments("[0.85, 0.72, 0.68]", 18) == "[0.85, 0.72, 0.68]");
  CHECK(cut_arguments("[0.85, 0.72, 0.68]", 17) == "[0.85, 0.72, …]");
  CHECK(cut_arguments("[0.85, 0.72, 0.68]", 9) == "[0.85, …]");
  CHECK(cut_arguments("[0.85, 0.72, 0.68]", 5) == "[0.8…");
  CHECK(cut_arguments("energetic and more", 10) == "energetic…");
  CHECK(cut_arguments("", 10).empty());
}

TEST_CASE("what comes from outside cannot upset the terminal, nor a time the clock") {
  const auto made = osc_row({.seq = 1, .time = 1e300, .peer = "x\x1b[2J", .address = "/\x07", .types = "\x1b"}, 1);
  for (const auto* text : {&made.peer, &made.address, &made.types}) {
    for (const char c : *text) CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
  CHECK(made.time < WallTime(std::chrono::hours(24 * 365 * 290)));
}

TEST_CASE("reals have two decimals in the list and all of them in the details") {
  const auto shown = [](std::string types, wire::Value args) {
    wire::OscMessage message{.address = "/a", .types = std::move(types), .args = std::move(args)};
    return osc_row(message, 1);
  };
  const auto list = [](std::initializer_list<wire::Value> values) {
    auto array = wire::Value::array();
    for (const auto& value : values) array.append(value);
    return array;
  };
  const OscRow one = shown("f", list({0.33780697}));
  CHECK(one.arguments == "0.34");
  CHECK(one.exact == "0.33780697");
  CHECK(shown("if", list({1, 468.6875})).arguments == "[1, 468.7]");
  CHECK(shown("fff", list({128.0, -0.001, 99.999})).arguments == "[128.0, 0.0, 100.0]");
  CHECK(shown("f", list({128.0})).exact.empty());
  CHECK(shown("s[f]", list({wire::Value("0.123456"), list({0.126})})).arguments == "[\"0.123456\", [0.13]]");
}

}  // namespace
}  // namespace vj::console
