#include "console/mailbox.hpp"

#include <doctest/doctest.h>

#include "base/format.hpp"

namespace vj::console {
namespace {

LogRecord record(int number) {
  return {.level = LogLevel::kInfo,
          .logger = "x",
          .message = format("line {}", number),
          .timestamp = 1764882930.0 + number,
          .pid = 1,
          .seq = static_cast<std::uint64_t>(number)};
}

const Logged& lines_in(const std::vector<Message>& messages) { return std::get<Logged>(messages.back()); }

TEST_CASE("the screen is woken once for everything until it fetches") {
  int wakes = 0;
  Mailbox mailbox([&] { ++wakes; });
  mailbox.put(record(1));
  mailbox.put(record(2));
  mailbox.put(ManagerChanged{});
  CHECK(wakes == 1);
  CHECK(mailbox.take().size() == 2);
  CHECK(mailbox.take().empty());
  mailbox.put(record(3));
  CHECK(wakes == 2);
}

TEST_CASE("of a value only the latest is kept") {
  Mailbox mailbox([] {});
  mailbox.put(ActiveSourceChanged{"spotify"});
  mailbox.put(ActiveSourceChanged{"virtualdj"});
  const auto messages = mailbox.take();
  REQUIRE(messages.size() == 1);
  CHECK(std::get<ActiveSourceChanged>(messages[0]).source == "virtualdj");
}

TEST_CASE("each source keeps its own state") {
  Mailbox mailbox([] {});
  for (const char* source : {"spotify", "virtualdj", "spotify"}) {
    playback::PlaybackState state;
    state.source = source;
    mailbox.put(state);
  }
  CHECK(mailbox.take().size() == 2);
}

TEST_CASE("every answer arrives") {
  Mailbox mailbox([] {});
  mailbox.put(Answered{"a", Asked::kStart, ""});
  mailbox.put(Answered{"b", Asked::kStart, ""});
  CHECK(mailbox.take().size() == 2);
}

TEST_CASE("lines of several processes come in the order of their times") {
  Mailbox mailbox([] {});
  for (const int number : {3, 1, 2}) mailbox.put(record(number));
  const auto messages = mailbox.take();
  const auto& lines = lines_in(messages).lines;
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].text.ends_with(" - INFO - line 1"));
  CHECK(lines[2].text.ends_with(" - INFO - line 3"));
}

TEST_CASE("a flood is bounded, and what was lost is counted") {
  Mailbox mailbox([] {});
  for (int i = 0; i < static_cast<int>(Mailbox::kLinesKept) + 7; ++i) mailbox.put(record(i));
  const auto messages = mailbox.take();
  const auto& lines = lines_in(messages).lines;
  CHECK(lines.size() == Mailbox::kLinesKept + 1);
  CHECK(lines.front().text == "… 7 lines came too fast to show");
}

TEST_CASE("OSC messages come together in their order; of a flood the newest, and a count of the rest") {
  Mailbox mailbox([] {});
  for (std::uint64_t seq = 1; seq <= Mailbox::kOscRowsKept + 7; ++seq) mailbox.put(OscHeard{{OscRow{.seq = seq}}, 0});
  mailbox.put(OscHeard{{}, 3});
  const auto messages = mailbox.take();
  REQUIRE(messages.size() == 1);
  const auto& heard = std::get<OscHeard>(messages[0]);
  CHECK(heard.rows.size() == Mailbox::kOscRowsKept);
  CHECK(heard.rows.front().seq == 8);
  CHECK(heard.missed == 10);
}

TEST_CASE("OSC messages of any length do not fill the memory") {
  Mailbox mailbox([] {});
  for (std::uint64_t seq = 1; seq <= 100; ++seq) {
    mailbox.put(OscHeard{{OscRow{.seq = seq, .arguments = std::string(1 << 20, 'f')}}, 0});
  }
  const auto messages = mailbox.take();
  CHECK(std::get<OscHeard>(messages.at(0)).rows.size() < 10);
}

}  // namespace
}  // namespace vj::console
