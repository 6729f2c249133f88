#include "platform/file_watch.hpp"

#include <array>
#include <climits>

#include <sys/inotify.h>
#include <unistd.h>

namespace vj::platform {
namespace {

constexpr std::uint32_t kFolderEvents = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MODIFY |
                                        IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

// Of a file that is only ever replaced; that somebody removes it is told as well.
constexpr std::uint32_t kReplacementEvents = IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF;

// Of one that is pointed out where it is worth a look, and of strangers that replace it.
constexpr std::uint32_t kPointedOutEvents = IN_ATTRIB | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF;

// A stranger does it again and again: he is known by then.
constexpr Duration kStrangerStays = 15s;

constexpr std::size_t kLongestEvent = sizeof(inotify_event) + NAME_MAX + 1;

constexpr int kReadsPerTurn = 16;

// Where nothing tells of changes.
constexpr Duration kUsualPoll = 1s;

// The nearest folder above `path` (or itself, if it is one) that exists.
Path nearest_folder(Path path) {
  while (!path.empty() && path != path.root_path()) {
    const auto status = file_status(path);
    if (status && status->is_folder) return path;
    path = path.parent_path();
  }
  return path.empty() ? Path(".") : path;
}

}  // namespace

class FileWatch::State {
 public:
  State(EventLoop& loop, Path path, Callback callback, FileWatchOptions options)
      : path_(std::move(path)),
        callback_(std::move(callback)),
        replaced_only_(options.replaced_only),
        temporary_of_strangers_(std::move(options.pointed_out_only_unless_made)),
        may_watch_(std::move(options.may_watch)),
        poll_interval_(options.poll_interval),
        last_(file_status(path_)),
        poll_(loop.timer([this] { look(); })) {
    if (options.notifications) inotify_ = UniqueFd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (inotify_) {
      watch_ = loop.watch_readable(inotify_.get(), [this] {
        if (read_notifications()) callback_();
      });
      watch_nearest();
    }
    poll_as_needed();
  }

  bool take_untold(bool pointed_out) {
    if (descriptor_ < 0 || !is_exact_) return true;
    const bool is_told = pointed_out || temporary_of_strangers_.empty() || stranger_is_there_;
    return is_told && read_notifications();
  }

 private:
  // Watches the folder that holds the file, or the nearest above it that exists: a replaced file is a new file, and
  // only its folder tells.
  void watch_nearest() {
    bool has_tried = false;
    // Until nothing has changed meanwhile: of a folder that was made before it was watched nobody will tell.
    while (true) {
      const auto status = file_status(path_);
      const Path folder = nearest_folder(status && status->is_folder ? path_ : path_.parent_path());
      if (folder == watched_ && (descriptor_ >= 0 || has_tried)) return;
      if (descriptor_ >= 0) ::inotify_rm_watch(inotify_.get(), descriptor_);
      watched_ = folder;
      is_exact_ = folder == path_ || folder == path_.parent_path();
      const bool may_watch = !may_watch_ || may_watch_();
      descriptor_ = may_watch ? ::inotify_add_watch(inotify_.get(), folder.c_str(), wanted_events()) : -1;
      has_tried = true;
    }
  }

  // A watch can be refused, too: there are only so many for one user.
  void poll_as_needed() {
    const Duration interval = poll_interval_ > 0ns ? poll_interval_ : descriptor_ < 0 ? kUsualPoll : 0ns;
    if (interval == 0ns) return poll_.cancel();
    if (poll_.armed()) return;
    last_ = file_status(path_);
    poll_.every(interval);
  }

  [[nodiscard]] std::uint32_t wanted_events() const {
    // In a folder above, the one that leads to the file may be made in any way.
    if (!is_exact_ || !replaced_only_) return kFolderEvents;
    if (temporary_of_strangers_.empty()) return kReplacementEvents;
    return stranger_is_there_ ? kPointedOutEvents | IN_MOVED_TO : kPointedOutEvents;
  }

  void note_strangers(bool one_came) {
    const Time now = EventLoop::clock();
    if (one_came) stranger_until_ = now + kStrangerStays;
    if (stranger_is_there_ == (now < stranger_until_)) return;
    stranger_is_there_ = !stranger_is_there_;
    if (descriptor_ >= 0) ::inotify_add_watch(inotify_.get(), watched_.c_str(), wanted_events());
  }

  // Whether what was told since the last time concerns the file.
  bool read_notifications() {
    alignas(inotify_event) std::array<char, 8192> buffer;
    bool concerns_us = false;
    bool stranger_came = false;
    // Not until there is nothing left: a flood in that folder must not hold up the loop.
    for (int round = 0; round < kReadsPerTurn; ++round) {
      const auto count = ::read(inotify_.get(), buffer.data(), buffer.size());
      if (count <= 0) break;
      for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
        at += sizeof(inotify_event) + event->len;
        const std::string_view name = event->len > 0 ? std::string_view(event->name) : std::string_view();
        const bool folder_is_gone = (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_Q_OVERFLOW)) != 0;
        if (folder_is_gone || !is_exact_ || watched_ == path_ || name == path_.filename().native()) concerns_us = true;
        if (folder_is_gone && event->wd == descriptor_) descriptor_ = -1;
        stranger_came |= is_exact_ && !name.empty() && name == temporary_of_strangers_;
      }
      if (static_cast<std::size_t>(count) + kLongestEvent <= buffer.size()) break;  // there was room for another
    }
    note_strangers(stranger_came);
    // He may have replaced it already, before we wanted to be told.
    concerns_us |= stranger_came;
    if (!concerns_us) return false;
    const bool was_exact = is_exact_;
    // Only what is replaced in a folder that is there needs no look at where things are now.
    if (!replaced_only_ || !is_exact_ || descriptor_ < 0) watch_nearest();
    poll_as_needed();
    if (!was_exact && !is_exact_) return false;
    if (poll_.armed()) last_ = file_status(path_);
    return true;
  }

  void look() {
    if (inotify_) watch_nearest();
    poll_as_needed();
    auto status = file_status(path_);
    if (status == last_) return;
    last_ = status;
    callback_();
  }

  Path path_;
  Callback callback_;
  bool replaced_only_;
  std::string temporary_of_strangers_;  // empty: every replacement is told
  std::function<bool()> may_watch_;
  Duration poll_interval_;
  bool stranger_is_there_ = false;
  Time stranger_until_{};
  std::optional<FileStatus> last_;
  UniqueFd inotify_;
  int descriptor_ = -1;
  Path watched_;
  bool is_exact_ = false;
  EventLoop::Watch watch_;
  EventLoop::Timer poll_;
};

FileWatch::FileWatch(EventLoop& loop, Path path, Callback callback, FileWatchOptions options)
    : state_(std::make_unique<State>(loop, std::move(path), std::move(callback), std::move(options))) {}
FileWatch::~FileWatch() = default;
FileWatch::FileWatch(FileWatch&&) noexcept = default;
FileWatch& FileWatch::operator=(FileWatch&&) noexcept = default;

bool FileWatch::take_untold(bool pointed_out) { return state_->take_untold(pointed_out); }

}  // namespace vj::platform
