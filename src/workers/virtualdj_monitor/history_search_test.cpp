#include "workers/virtualdj_monitor/history_search.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vj::virtualdj_monitor;

namespace {

struct UserHome {
  vj::test::TemporaryFolder folder;

  Path make(const std::string& relative) const {
    const auto path = folder.path() / relative;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "x\n";
    return path;
  }
  std::vector<Path> homes(std::optional<Path> wine_prefix = {}) const {
    return usual_homes(folder.path(), wine_prefix);
  }
  FoundHistory find(std::initializer_list<std::string> places) const {
    std::vector<Path> paths;
    for (const auto& place : places) paths.push_back(folder.path() / place);
    return find_history(paths);
  }
};

using Paths = std::vector<Path>;

}  // namespace

TEST_CASE("VirtualDJ's own homes are found where they exist") {
  const UserHome user;
  CHECK(user.homes().empty());
  user.make("Documents/VirtualDJ/settings.xml");
  user.make("Library/Application Support/VirtualDJ/settings.xml");
  const auto& home = user.folder.path();
  CHECK(user.homes() == Paths{home / "Documents/VirtualDJ", home / "Library/Application Support/VirtualDJ"});
}

TEST_CASE("homes inside Wine prefixes are found, whoever made the prefix") {
  const UserHome user;
  const auto in = [&](const std::string& prefix, const std::string& where) {
    return user.make(prefix + "/drive_c/users/" + where + "/VirtualDJ/settings.xml").parent_path();
  };
  const auto wine = in(".wine", "dj/AppData/Local");
  const auto bottle = in(".local/share/bottles/bottles/Party", "steamuser/Documents");
  const auto own = in("elsewhere", "dj/AppData/Local");
  CHECK(user.homes() == Paths{wine, bottle});
  CHECK(user.homes(user.folder.path() / "elsewhere") == Paths{own, wine, bottle});
}

TEST_CASE("a home that Wine links into its prefix is one home") {
  const UserHome user;
  const auto home = user.make("Documents/VirtualDJ/settings.xml").parent_path();
  std::filesystem::create_directories(user.folder.path() / ".wine/drive_c/users/dj");
  std::filesystem::create_directory_symlink(user.folder.path() / "Documents",
                                            user.folder.path() / ".wine/drive_c/users/dj/Documents");
  CHECK(user.homes() == Paths{home});
}

TEST_CASE("a home has its history in the History folder, and now_playing.txt in either") {
  const UserHome user;
  const auto now_playing = user.make("vdj/now_playing.txt");
  const auto tracklist = user.make("vdj/History/tracklist.txt");
  user.make("vdj/History/notes.txt");
  user.make("vdj/History/party.m3u");
  const auto found = user.find({"vdj"});
  CHECK(found.files == Paths{now_playing, tracklist});
  CHECK(found.folders == Paths{user.folder.path() / "vdj", user.folder.path() / "vdj/History"});
  CHECK(user.find({"vdj/History"}).files == Paths{tracklist});
}

TEST_CASE("of the dated histories the newest two count, wherever they are archived") {
  const UserHome user;
  const auto newest = user.make("vdj/History/2024-12-02.m3u");
  const auto archived = user.make("vdj/History/2024/11/2024-11-30.m3u");
  user.make("vdj/History/2024/11/2024-11-29.m3u");
  user.make("vdj/History/2024/10/2024-10-31.m3u");
  CHECK(user.find({"vdj"}).files == Paths{newest, archived});
}

TEST_CASE("a place may be a file, and a place that is not there is nothing yet") {
  const UserHome user;
  const auto file = user.make("show/overlay.txt");
  CHECK(user.find({"show/overlay.txt"}) == FoundHistory{{file}, {file.parent_path()}});
  CHECK(user.find({"nowhere"}) == FoundHistory{});
}
