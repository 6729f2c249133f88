#include "supervisor_host/worker_log.hpp"

#include "base/format.hpp"
#include "base/text.hpp"
#include "platform/log_rotation.hpp"

namespace vj::supervisor_host {

namespace {

constexpr std::size_t kLongestLastLine = 300;
constexpr std::size_t kUsualTail = std::size_t{4} << 10U;
constexpr std::size_t kLongestTail = std::size_t{64} << 10U;

}  // namespace

WorkerLog::WorkerLog(const platform::Path& home, std::string_view worker, config::LogLimits limits)
    : file_(home / "logs" / format("{}.log", worker)), limits_(limits) {}

Result<platform::UniqueFd> WorkerLog::open() const {
  if (auto made = platform::ensure_private_folder(file_.parent_path()); !made) return std::unexpected(made.error());
  return platform::open_for_append(file_);
}

Result<std::uint64_t> WorkerLog::rotate_if_large() {
  const auto status = platform::file_status(file_);
  const std::uint64_t size = status ? status->size : 0;
  const std::uint64_t grown = size > last_size_ ? size - last_size_ : 0;
  last_size_ = size;
  if (size <= size_limit()) return grown;
  const auto cut = platform::rotate_in_place(file_, size_limit(), limits_.max_files);
  if (!cut) return std::unexpected(cut.error());
  last_size_ = 0;
  begun_at_ = 0;
  if (*cut == 0) return grown;
  const auto log = open();
  if (!log) return std::unexpected(log.error());
  const auto told = platform::write_all(log->get(), format("--- {} bytes were cut here: too much output ---\n", *cut));
  if (!told) return std::unexpected(told.error());
  return grown;
}

std::uint64_t WorkerLog::size_limit() const { return static_cast<std::uint64_t>(limits_.max_size_mb) << 20U; }

void WorkerLog::begin() {
  const auto status = platform::file_status(file_);
  begun_at_ = status ? status->size : 0;
}

std::string WorkerLog::last_line() const {
  const auto status = platform::file_status(file_);
  if (!status || status->size <= begun_at_) return {};
  for (const std::size_t length : {kUsualTail, kLongestTail}) {
    const auto tail = platform::read_tail(file_, length);
    if (!tail) return {};
    const std::string_view text = trim(*tail);
    const std::size_t line_break = text.rfind('\n');
    const bool begins_here = line_break != std::string_view::npos || tail->size() < length;
    if (!begins_here && length != kLongestTail) continue;
    const std::string_view line = text.substr(line_break == std::string_view::npos ? 0 : line_break + 1);
    return (begins_here ? "" : "…") + printable(line.substr(0, kLongestLastLine));
  }
  return {};
}

}  // namespace vj::supervisor_host
