// Finds VirtualDJ's history files: where VirtualDJ keeps its home on each system, and which files in there tell what
// was played. It looks at folders, and opens no file. What cannot be looked into is not there.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace vj::virtualdj_monitor {

using Path = std::filesystem::path;

// VirtualDJ's homes under a user's home folder that exist now: its own places on Windows and macOS, and the same inside
// Wine prefixes (the usual ones, Bottles, PlayOnLinux, and `wine_prefix`, which is $WINEPREFIX).
[[nodiscard]] std::vector<Path> usual_homes(const Path& user_home, const std::optional<Path>& wine_prefix);

struct FoundHistory {
  std::vector<Path> files;
  std::vector<Path> folders;  // whose changes may mean that there is more to read

  friend bool operator==(const FoundHistory&, const FoundHistory&) = default;
};

// What there is to read at the given places. A place is a file, a VirtualDJ home, or its History folder. Of the dated
// histories (also those archived in YYYY/MM/) only the newest two of each place count: a session may pass midnight.
[[nodiscard]] FoundHistory find_history(std::span<const Path> places);

}  // namespace vj::virtualdj_monitor
