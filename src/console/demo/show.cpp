#include "console/demo/show.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <string_view>

#include "base/format.hpp"
#include "base/time.hpp"
#include "console/demo/loop.hpp"
#include "console/demo/wave.hpp"

namespace vj::console::demo {
namespace {

constexpr int kSampleRate = 44100;
constexpr std::chrono::seconds kTrackLength{120};  // twice through the loop
constexpr std::chrono::seconds kLoggedAfter{45};   // by VirtualDJ's habit

struct DemoTrack {
  std::string_view artist, title;
};
constexpr std::array kTracks{DemoTrack{"VJ Console", "Demo Loop"}, DemoTrack{"The Null Sinks", "Four to the Floor"},
                             DemoTrack{"Bar Pointer", "Back on the One"}};

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

Result<void> write(const platform::Path& file, std::string_view bytes) {
  return platform::write_file_atomically(file, bytes, platform::Path(file).concat(".tmp"));
}

}  // namespace

platform::Path home_of(const std::optional<std::string>& runtime_folder, const platform::Path& user_home) {
  return (runtime_folder ? platform::Path(*runtime_folder) : user_home / ".cache") / "vj-demo";
}

std::string config_text(const platform::Path& home) {
  return format(
      "# The demo's own configuration, written anew each time it starts.\n"
      "[bus]\nbase_command_port = 5200\nbase_telemetry_port = 5300\n"
      "[osc]\ntap = 9200\n"
      "  [[osc.target]]\n  name = \"visuals\"\n  port = 9000\n  enabled = false\n"
      "[virtualdj]\npaths = [{}]\n"
      "[audio]\ndevice = {}\n",
      toml_string((home / "VirtualDJ").string()), toml_string("file:" + (home / "loop.wav").string()));
}

Result<Show> Show::open(platform::Path home) {
  if (auto ready = platform::ensure_private_folder(home); !ready) return std::unexpected(ready.error());
  auto lock = platform::FileLock::try_take(home / "demo.lock");
  if (!lock && lock.error().code == ErrorCode::kConflict) return Show(std::move(home), std::nullopt);
  if (!lock) return std::unexpected(lock.error());
  Show show(std::move(home), std::move(*lock));
  if (auto written = show.write_files(); !written) return std::unexpected(written.error());
  return show;
}

Result<void> Show::write_files() const {
  if (auto made = platform::ensure_private_folder(home_ / "VirtualDJ" / "History"); !made) return made;
  if (auto written = write(home_ / "config.toml", config_text(home_)); !written) return written;
  return write(home_ / "loop.wav", wave_file(loop(kSampleRate), kSampleRate));
}

void Show::begin(platform::EventLoop& loop, Problem problem) {
  if (!lock_) return;
  const auto play_now = [this, problem = std::move(problem)] {
    if (const auto played = play(playing_++ % kTracks.size()); !played) problem(played.error().message);
  };
  play_now();
  next_ = loop.timer(play_now);
  next_.every(kTrackLength);
}

// A line of the day's history, as VirtualDJ writes it when a track has played for 45 seconds.
Result<void> Show::play(std::size_t track) const {
  const auto& [artist, title] = kTracks.at(track);
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  const auto file = format("{:04}-{:02}-{:02}.m3u", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
  const auto entry = format(
      "#EXTVDJ:<time>{:02}:{:02}</time><lastplaytime>{}</lastplaytime><artist>{}</artist><title>{}</title>"
      "<songlength>{}</songlength>\nloop.wav\n",
      local.tm_hour, local.tm_min, now, artist, title, kTrackLength.count() + kLoggedAfter.count());
  const auto history = platform::open_for_append(home_ / "VirtualDJ" / "History" / file);
  if (!history) return std::unexpected(history.error());
  return platform::write_all(history->get(), entry);
}

void Show::remove() {
  if (!lock_) return;
  std::error_code left_behind;  // a temporary folder: whoever clears those clears this
  std::filesystem::remove_all(home_, left_behind);
}

}  // namespace vj::console::demo
