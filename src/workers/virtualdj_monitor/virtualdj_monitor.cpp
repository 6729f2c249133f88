#include "workers/virtualdj_monitor/virtualdj_monitor.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "base/format.hpp"
#include "wire/names.hpp"
#include "wire/playback_payload.hpp"

namespace vj::virtualdj_monitor {
namespace {

using wire::Value;

// Folders that appear, and files on shares, which tell nothing of their changes.
constexpr Duration kSearchInterval = 2s;
constexpr Duration kPublishInterval = 1s;
// What looks half written is believed when it has stayed the same for so long.
constexpr Duration kSettleTime = 50ms;
// A file that changed twice within its clock's tick looks as if it had not; while it is so young, read it again.
constexpr Duration kYoung = 1s;
// Years of tracklists; more is not a history.
constexpr std::size_t kLargestFile = std::size_t{32} << 20U;

WallTime wall_now() { return std::chrono::system_clock::now(); }

Duration utc_offset(WallTime at) {
  const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(at));
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return std::chrono::seconds(local.tm_gmtoff);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

VirtualDjMonitor::VirtualDjMonitor(bus::WorkerHost& host)
    : host_(host),
      look_timer_(host.loop().timer([this] { look(); })),
      search_timer_(host.loop().timer([this] { look(); })),
      settle_timer_(host.loop().timer([this] { look(); })),
      publish_timer_(host.loop().timer([this] {
        publish();
        host_.made_progress();
      })) {
  host_.on_command(wire::command::kGetPlayback,
                   [this](bus::Request request) { request.reply(wire::to_value(state())); });
  look();
  publish();
  search_timer_.every(kSearchInterval);
  publish_timer_.every(kPublishInterval);
}

Value VirtualDjMonitor::settings() const {
  auto paths = Value::array();
  for (const auto& path : host_.config().virtualdj.paths) paths.append(path);
  return Value::object({{"paths", paths}});
}

Value VirtualDjMonitor::metrics() const {
  auto files = Value::array();
  for (const auto& file : found_.files) files.append(file.string());
  return Value::object({{"files", files}, {"folders_watched", watches_.size()}});
}

std::vector<Path> VirtualDjMonitor::places() const {
  const auto& configured = host_.config().virtualdj.paths;
  if (!configured.empty()) return {configured.begin(), configured.end()};
  const auto user_home = platform::environment("HOME");
  const auto wine_prefix = platform::environment("WINEPREFIX");
  return usual_homes(user_home.value_or(""), wine_prefix ? std::optional<Path>(*wine_prefix) : std::nullopt);
}

// One write makes several notifications; they are answered together.
void VirtualDjMonitor::look_soon() { look_timer_.at(host_.loop().now()); }

void VirtualDjMonitor::look() {
  found_ = find_history(places());
  watch(found_.folders);
  tell_health();

  const auto before = table_.files();
  for (const auto& file : found_.files) read(file);
  if (table_.files() != before) publish();
}

void VirtualDjMonitor::read(const Path& file) {
  const auto status = platform::file_status(file);
  if (!status) return;  // vanished since it was found
  const auto now = wall_now();
  auto& seen = seen_[file];
  const bool is_same = seen.status == status;
  if (is_same && seen.is_taken && now - status->modified > kYoung) return;
  if (!is_same) seen.unchanged_since = host_.loop().now();
  seen.status = status;

  const auto bytes = platform::read_file(file, kLargestFile);
  if (!bytes) {
    if (seen.problem != bytes.error().message) host_.log().warning("{}", bytes.error().message);
    seen.problem = bytes.error().message;
    return;
  }
  seen.problem.clear();
  const bool settled = host_.loop().now() - seen.unchanged_since >= kSettleTime;
  const auto outcome = table_.take(file, *bytes, status->modified, now, settled);
  seen.is_taken = !outcome.is_unfinished;
  if (outcome.is_unfinished) settle_timer_.after(kSettleTime);
  for (const auto& warning : outcome.warnings) host_.log().warning("{}", warning);
}

void VirtualDjMonitor::watch(const std::vector<Path>& folders) {
  std::erase_if(watches_,
                [&](const auto& watched) { return std::ranges::find(folders, watched.first) == folders.end(); });
  for (const auto& folder : folders) {
    if (!watches_.contains(folder)) {
      watches_.emplace(folder, platform::FileWatch(host_.loop(), folder, [this] { look_soon(); }));
    }
  }
}

void VirtualDjMonitor::tell_health() {
  const auto& configured = host_.config().virtualdj.paths;
  std::string trouble;
  if (found_.folders.empty()) {
    trouble = configured.empty()
                  ? "no VirtualDJ folder found: start VirtualDJ here once, or name its folder in [virtualdj] paths"
                  : format("nothing at {}: mount it, or mend [virtualdj] paths", joined(configured));
  }
  if (trouble == trouble_) return;
  trouble_ = trouble;
  if (trouble_.empty()) {
    host_.set_running();
    host_.log().info("reading the history in {}", found_.folders.back().string());
  } else {
    host_.set_degraded(trouble_);
    host_.log().warning("{}", trouble_);
  }
}

playback::PlaybackState VirtualDjMonitor::state() const {
  const auto now = wall_now();
  auto state = playback::playback_from_history(table_.files(), now, utc_offset(now), platform::EventLoop::clock());
  if (!state.is_playing && !trouble_.empty()) {
    state.reason = trouble_;
    state.retry_in = kSearchInterval;
  }
  return state;
}

void VirtualDjMonitor::publish() {
  host_.publisher().publish_state(wire::topic::kVirtualDjState, wire::to_value(state()));
}

}  // namespace vj::virtualdj_monitor
