#include "supervisor_host/config_file.hpp"

#include <utility>

namespace vj::supervisor_host {

platform::Path last_good_config(const platform::Path& home) { return home / "config.last_good.toml"; }

ConfigFile::ConfigFile(platform::Logger& log, const platform::Path& home, std::optional<platform::Path> given)
    : log_(log),
      copy_(last_good_config(home)),
      given_(std::move(given)),
      file_(given_.value_or(home / "config.toml")),
      status_(platform::file_status(file_)) {
  // What a predecessor has read already is not read again.
  const auto now = text();
  const auto copy = platform::read_file(copy_);
  read_ = now && copy && *copy == *now;
  if (!read_) [[maybe_unused]]
    const auto loaded = load();
}

config::Loaded ConfigFile::load() {
  const auto before = platform::file_status(file_);
  if (std::exchange(status_, before) != before) ++edition_;
  auto loaded = config::load_file(file_, given_ ? config::IfMissing::kProblem : config::IfMissing::kDefaults,
                                  platform::environment("HOME").value_or(""));
  const auto read = text();
  // What is being written just now is read again the next time, and not kept.
  read_ = platform::file_status(file_) == before;
  tell(loaded ? "" : config::to_string(loaded.error().front()));
  if (loaded && read && read_) keep(*read);
  return loaded;
}

ConfigFile::Start ConfigFile::for_a_start() {
  if (!read_ || platform::file_status(file_) != status_) [[maybe_unused]]
    const auto loaded = load();
  const bool reads_copy = !problem_.empty() && platform::file_status(copy_);
  return {.option = reads_copy ? copy_ : given_, .is_copy = reads_copy, .edition = edition_};
}

bool ConfigFile::is_to_blame(const std::optional<Start>& start) {
  if (start && start->is_copy) return false;
  // Whatever its status says: two changes within a tick of the file system's clock look like one.
  return !load() || (start && start->edition != edition_);
}

void ConfigFile::tell(std::string problem) {
  if (problem == problem_) return;
  if (problem.empty()) {
    log_.info("{} can be read again", file_.string());
  } else {
    log_.warning("⚠️ {}; until it is mended, what is started reads {}", problem, copy_.string());
  }
  problem_ = std::move(problem);
}

void ConfigFile::keep(const std::string& text) {
  if (const auto copy = platform::read_file(copy_); copy && *copy == text) return;
  const auto kept = platform::write_file_atomically(copy_, text, platform::Path(copy_) += ".tmp");
  const std::string problem = kept ? "" : kept.error().message;
  if (!kept && problem != last_copy_problem_) log_.warning("⚠️ {}", problem);
  last_copy_problem_ = problem;
}

std::optional<std::string> ConfigFile::text() const {
  if (!given_ && !platform::file_status(file_)) return "";
  const auto read = platform::read_file(file_);
  return read ? std::optional(*read) : std::nullopt;
}

}  // namespace vj::supervisor_host
