#include "workers/virtualdj_monitor/history_table.hpp"

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::virtualdj_monitor;

namespace {

constexpr WallTime kNow{1'700'000'000s};

struct Table {
  HistoryTable table;

  HistoryTable::Outcome take(const std::string& name, std::string_view text, bool settled = false) {
    return table.take("/vdj/History/" + name, text, kNow, kNow, settled);
  }
  std::string title() const {
    const auto files = table.files();
    REQUIRE(files.size() == 1);
    return files[0].last ? files[0].last->track.title : "";
  }
};

using Warnings = std::vector<std::string>;

}  // namespace

TEST_CASE("a file's last entry is what it tells") {
  Table table;
  CHECK(table.take("tracklist.txt", "21:00 : A - One\n21:04 : B - Two\n").warnings.empty());
  CHECK(table.title() == "Two");
}

TEST_CASE("a line without its end is waited for, but not for ever") {
  Table table;
  table.take("tracklist.txt", "21:00 : A - One\n");
  CHECK(table.take("tracklist.txt", "21:00 : A - One\n21:04 : B - Tw").is_unfinished);
  CHECK(table.title() == "One");
  CHECK_FALSE(table.take("tracklist.txt", "21:00 : A - One\n21:04 : B - Two", true).is_unfinished);
  CHECK(table.title() == "Two");
}

TEST_CASE("an emptied file is waited for; one that stays empty tells of nothing") {
  Table table;
  table.take("now_playing.txt", "A - One");
  CHECK(table.take("now_playing.txt", "").is_unfinished);
  CHECK(table.title() == "One");
  CHECK_FALSE(table.take("now_playing.txt", "", true).is_unfinished);
  CHECK(table.title() == "");
}

TEST_CASE("a problem is told once, with its file and line") {
  Table table;
  const Warnings warning = {"/vdj/History/tracklist.txt:2: expected 'HH:MM : Artist - Title', found 'what'"};
  CHECK(table.take("tracklist.txt", "21:00 : A - One\nwhat\n").warnings == warning);
  CHECK(table.take("tracklist.txt", "21:00 : A - One\nwhat\n21:04 : B - Two\n").warnings.empty());
  CHECK(table.title() == "Two");
}

TEST_CASE("a problem that went away and came back is told again") {
  Table table;
  CHECK(table.take("tracklist.txt", "what\n").warnings.size() == 1);
  CHECK(table.take("tracklist.txt", "21:00 : A - One\n").warnings.empty());
  CHECK(table.take("tracklist.txt", "what\n").warnings.size() == 1);
}

TEST_CASE("text that is bad from end to end changes nothing") {
  Table table;
  table.take("tracklist.txt", "21:00 : A - One\n");
  CHECK(table.take("tracklist.txt", "<html>\nnot found\n").warnings.size() == 2);
  CHECK(table.title() == "One");
}

TEST_CASE("many problems are a few lines in the log, the newest") {
  Table table;
  const auto warnings = table.take("tracklist.txt", "a1\na2\na3\na4\na5\n").warnings;
  REQUIRE(warnings.size() == 4);
  CHECK(warnings[0] == "/vdj/History/tracklist.txt:5: expected 'HH:MM : Artist - Title', found 'a5'");
  CHECK(warnings[3] == "/vdj/History/tracklist.txt: 2 more lines like these");
}

TEST_CASE("only what was added since the first look has appeared") {
  Table table;
  table.take("tracklist.txt", "21:00 : A - One\n");
  CHECK(table.table.files()[0].appeared == std::nullopt);
  table.take("tracklist.txt", "21:00 : A - One\n21:04 : B - Two\n");
  CHECK(table.table.files()[0].appeared == kNow);
}
