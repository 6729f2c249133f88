// What is known of each history file, over all the times it was read. Bad text is told once and changes nothing; so
// does a file that vanishes: the track it told of plays on. It opens no file.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "playback/virtualdj_playback.hpp"

namespace vj::virtualdj_monitor {

class HistoryTable {
 public:
  struct Outcome {
    bool is_unfinished = false;         // somebody is still writing: nothing was taken, look again in a moment
    std::vector<std::string> warnings;  // to be logged; each is given once
  };

  // Takes the whole text of `file`. `settled`: it has been the same for a moment, so what looks unfinished is all there
  // will be.
  Outcome take(const std::filesystem::path& file, std::string_view bytes, WallTime modified, WallTime now,
               bool settled);

  [[nodiscard]] std::vector<playback::HistoryFile> files() const;

 private:
  using Problem = std::pair<std::size_t, std::string>;  // line and text
  struct Known {
    playback::HistoryFile file;
    std::set<Problem> told;
  };

  std::map<std::filesystem::path, Known> known_;
};

}  // namespace vj::virtualdj_monitor
