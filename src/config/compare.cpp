#include "config/compare.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/format.hpp"
#include "config/section_list.hpp"

namespace vj::config {
namespace {

using Keys = std::map<std::string, Value>;

Keys keys_of(const Config& config) {
  Keys keys;
  for (const Section& section : sections_of(config)) {
    for (const Setting& setting : section.settings) {
      keys.emplace(vj::format("{}.{}", section.path, setting.key), setting.value);
    }
  }
  return keys;
}

// Who reads a key once, when it starts: the first prefix that fits counts. "*" is every worker and the process manager.
struct Readers {
  std::string_view prefix;
  std::array<std::string_view, 4> programs;
};

constexpr std::array<Readers, 11> kReaders{{
    {"console.", {"vj_console"}},
    {"bus.", {"*", "vj_console"}},
    {"log.level", {"*"}},
    {"osc.target.", {"process_manager", "lyrics_fetcher", "audio_analyzer", "osc_debugger"}},
    {"osc.tap", {"process_manager", "lyrics_fetcher", "audio_analyzer", "osc_debugger"}},
    {"osc.", {"osc_debugger"}},
    {"playback.", {"lyrics_fetcher"}},
    {"spotify.", {"spotify_monitor"}},
    {"virtualdj.", {"virtualdj_monitor"}},
    {"lyrics.", {"lyrics_fetcher"}},
    {"audio.", {"audio_analyzer"}},
}};

// Of a worker, only what its process was started with; the rest is the process manager's to apply at once.
bool is_fixed_at_start(std::string_view worker_key) {
  constexpr std::array<std::string_view, 4> kFixed{"command", "env.", "cwd", "ports."};
  return std::ranges::any_of(kFixed, [&](std::string_view fixed) {
    return fixed.ends_with('.') ? worker_key.starts_with(fixed) : worker_key == fixed;
  });
}

class Comparison {
 public:
  Comparison(const Config& running, const Config& wanted) : running_(running), wanted_(wanted) {}

  Changes compare() && {
    compare_worker_lists();
    const Keys before = keys_of(running_);
    const Keys after = keys_of(wanted_);
    for (const auto& [key, value] : before) {
      const auto found = after.find(key);
      if (found == after.end() || found->second != value) change(key);
    }
    for (const auto& [key, value] : after) {
      if (!before.contains(key)) change(key);
    }
    return {{changed_.begin(), changed_.end()}, {restart_.begin(), restart_.end()}};
  }

 private:
  static std::string path_of(const Worker& worker) {
    return vj::format("{}.{}", worker.kind == WorkerKind::kApp ? "app" : "worker", worker.name);
  }

  void compare_worker_lists() {
    for (const auto& [mine, other] : {std::pair(&running_, &wanted_), std::pair(&wanted_, &running_)}) {
      for (const Worker& worker : mine->workers) {
        const Worker* same = find_worker(*other, worker.name);
        if (!same || same->kind != worker.kind) came_or_went_.insert(path_of(worker));
      }
    }
    changed_ = came_or_went_;
  }

  void change(const std::string& key) {
    if (key.starts_with("worker.") || key.starts_with("app.")) return change_of_worker(key);
    changed_.insert(key);
    const auto found = std::ranges::find_if(kReaders, [&](const Readers& r) { return key.starts_with(r.prefix); });
    if (found == kReaders.end()) return;
    for (const std::string_view program : found->programs) restart(program);
  }

  void change_of_worker(const std::string& key) {
    const std::size_t name_at = key.find('.') + 1;
    const std::size_t name_end = key.find('.', name_at);
    const std::string path = key.substr(0, name_end);
    if (came_or_went_.contains(path)) return;
    changed_.insert(key);
    if (is_fixed_at_start(std::string_view(key).substr(name_end + 1))) {
      restart(key.substr(name_at, name_end - name_at));
    }
  }

  void restart(std::string_view program) {
    if (program == "*") {
      restart_.insert("process_manager");
      for (const Worker& worker : wanted_.workers) {
        if (worker.kind == WorkerKind::kWorker && find_worker(running_, worker.name)) restart_.insert(worker.name);
      }
    } else if (program == "vj_console" || find_worker(wanted_, program)) {
      restart_.insert(std::string(program));
    }
  }

  const Config& running_;
  const Config& wanted_;
  std::set<std::string> came_or_went_;
  std::set<std::string> changed_;
  std::set<std::string> restart_;
};

}  // namespace

Changes compare(const Config& running, const Config& wanted) { return Comparison(running, wanted).compare(); }

}  // namespace vj::config
