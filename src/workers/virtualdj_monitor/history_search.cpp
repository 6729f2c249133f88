#include "workers/virtualdj_monitor/history_search.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "base/text.hpp"
#include "playback/virtualdj_history.hpp"

namespace vj::virtualdj_monitor {
namespace {

// A * stands for one whole name.
constexpr auto kHomesOfUser = std::to_array<std::string_view>({
    "Documents/VirtualDJ",
    "Music/VirtualDJ",
    "Library/Application Support/VirtualDJ",
    "AppData/Local/VirtualDJ",
});
constexpr auto kHomesInPrefix = std::to_array<std::string_view>({
    "drive_c/users/*/AppData/Local/VirtualDJ",
    "drive_c/users/*/Documents/VirtualDJ",
    "drive_c/users/*/My Documents/VirtualDJ",
});
constexpr auto kPrefixes = std::to_array<std::string_view>({
    ".wine",
    ".local/share/wineprefixes/*",
    ".local/share/bottles/bottles/*",
    ".var/app/com.usebottles.bottles/data/bottles/bottles/*",
    ".PlayOnLinux/wineprefix/*",
    "Games/*",
});
constexpr std::size_t kDatedHistories = 2;

bool is_folder(const Path& path) {
  std::error_code ignored;  // what cannot be asked is not there
  return std::filesystem::is_directory(path, ignored);
}
bool is_file(const Path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

std::vector<Path> entries_of(const Path& folder) {
  std::vector<Path> entries;
  std::error_code error;
  for (auto it = std::filesystem::directory_iterator(folder, error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    entries.push_back(it->path());
  }
  std::ranges::sort(entries);
  return entries;
}

void expand(const Path& base, std::string_view pattern, std::vector<Path>& found) {
  const auto star = pattern.find("*");
  if (star == std::string_view::npos) {
    if (auto path = base / pattern; is_folder(path)) found.push_back(std::move(path));
    return;
  }
  const auto rest = pattern.substr(std::min(pattern.size(), star + 2));
  for (const auto& entry : entries_of(base / pattern.substr(0, star))) {
    if (rest.empty()) {
      if (is_folder(entry)) found.push_back(entry);
    } else {
      expand(entry, rest, found);
    }
  }
}

bool is_number(const Path& path, std::size_t digits) {
  const auto name = path.filename().string();
  return name.size() == digits && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<Path> newest_archive(const Path& folder) {
  const auto last_number = [](const Path& in, std::size_t digits) -> std::optional<Path> {
    const auto entries = entries_of(in);
    const auto last =
        std::find_if(entries.rbegin(), entries.rend(), [&](const Path& p) { return is_number(p, digits); });
    return last == entries.rend() ? std::nullopt : std::optional(*last);
  };
  const auto year = last_number(folder, 4);
  const auto month = year ? last_number(*year, 2) : std::nullopt;
  return month ? entries_of(*month) : std::vector<Path>{};
}

void find_in_folder(const Path& folder, FoundHistory& found) {
  found.folders.push_back(folder);
  std::vector<Path> dated;
  const auto keep_dated = [&](const Path& path) {
    const auto name = lower_ascii(path.filename().string());
    if (name.ends_with(".m3u") && playback::day_of_file(name) && is_file(path)) dated.push_back(path);
  };
  for (const auto& path : entries_of(folder)) {
    const auto name = lower_ascii(path.filename().string());
    if ((name == "tracklist.txt" || name == "now_playing.txt") && is_file(path)) found.files.push_back(path);
    keep_dated(path);
  }
  std::ranges::for_each(newest_archive(folder), keep_dated);
  std::ranges::sort(dated, std::greater<>(), [](const Path& path) { return path.filename(); });
  dated.resize(std::min(dated.size(), kDatedHistories));
  std::ranges::move(dated, std::back_inserter(found.files));
}

}  // namespace

std::vector<Path> usual_homes(const Path& user_home, const std::optional<Path>& wine_prefix) {
  std::vector<Path> homes;
  for (const auto pattern : kHomesOfUser) expand(user_home, pattern, homes);

  std::vector<Path> prefixes;
  if (wine_prefix) prefixes.push_back(*wine_prefix);
  for (const auto pattern : kPrefixes) expand(user_home, pattern, prefixes);
  for (const auto& prefix : prefixes) {
    for (const auto pattern : kHomesInPrefix) expand(prefix, pattern, homes);
  }

  // Wine links the user's folders into its prefix: one home must not be read twice.
  std::vector<Path> distinct;
  for (auto& home : homes) {
    const bool is_known = std::ranges::any_of(distinct, [&](const Path& known) {
      std::error_code ignored;
      return std::filesystem::equivalent(known, home, ignored);
    });
    if (!is_known) distinct.push_back(std::move(home));
  }
  return distinct;
}

FoundHistory find_history(std::span<const Path> places) {
  FoundHistory found;
  for (const auto& place : places) {
    if (is_file(place)) {
      found.files.push_back(place);
      found.folders.push_back(place.parent_path());
    } else if (is_folder(place)) {
      find_in_folder(place, found);
      if (is_folder(place / "History")) find_in_folder(place / "History", found);
    }
  }
  return found;
}

}  // namespace vj::virtualdj_monitor
