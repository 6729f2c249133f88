#include "workers/virtualdj_monitor/history_table.hpp"

#include <optional>

#include "base/format.hpp"

namespace vj::virtualdj_monitor {
namespace {

// A file in a format that nobody knows is one long list of problems; the newest few say it all.
constexpr std::size_t kWarningsAtOnce = 3;

bool looks_unfinished(const playback::History& history, std::string_view bytes) {
  // A writer often empties a file before it fills it. One line without a break is how now_playing.txt is meant to be.
  return bytes.empty() || (history.format != playback::HistoryFormat::kNowPlaying && !history.last_line_is_whole);
}

}  // namespace

HistoryTable::Outcome HistoryTable::take(const std::filesystem::path& file, std::string_view bytes, WallTime modified,
                                         WallTime now, bool settled) {
  const auto history = playback::parse_history(file.filename().string(), bytes);
  if (!settled && looks_unfinished(history, bytes)) return {.is_unfinished = true, .warnings = {}};

  const auto at = known_.find(file);
  const bool is_new = at == known_.end();
  auto& known = is_new ? known_[file] : at->second;
  const bool is_all_bad = history.entries.empty() && !history.problems.empty();
  if (is_new || !is_all_bad) {
    const auto before = is_new ? std::nullopt : std::optional(known.file);
    known.file = playback::look_again(before, history, modified, now);
  }

  Outcome outcome;
  std::set<Problem> current;
  std::size_t more = 0;
  for (auto it = history.problems.rbegin(); it != history.problems.rend(); ++it) {
    Problem problem(it->line, it->text);
    if (!known.told.contains(problem)) {
      if (outcome.warnings.size() < kWarningsAtOnce) {
        outcome.warnings.push_back(format("{}:{}: {}", file.string(), it->line, it->text));
      } else {
        ++more;
      }
    }
    current.insert(std::move(problem));
  }
  if (more > 0) outcome.warnings.push_back(format("{}: {} more lines like these", file.string(), more));
  known.told = std::move(current);
  return outcome;
}

std::vector<playback::HistoryFile> HistoryTable::files() const {
  std::vector<playback::HistoryFile> files;
  for (const auto& [path, known] : known_) files.push_back(known.file);
  return files;
}

}  // namespace vj::virtualdj_monitor
