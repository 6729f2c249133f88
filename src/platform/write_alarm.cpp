#include "platform/write_alarm.hpp"

#include <array>

#include <sys/inotify.h>
#include <unistd.h>

namespace vj::platform {

WriteAlarm::WriteAlarm(EventLoop& loop, Callback written)
    : written_(std::move(written)), inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (inotify_) watch_ = loop.watch_readable(inotify_.get(), [this] { read(); });
}

bool WriteAlarm::arm(const Path& file) {
  if (armed(file)) return true;
  if (!inotify_) return false;
  const int number = ::inotify_add_watch(inotify_.get(), file.c_str(), IN_MODIFY | IN_ONESHOT);
  return number >= 0 && armed_.emplace(file.native(), number).second;
}

void WriteAlarm::read() {
  alignas(inotify_event) std::array<char, 4096> buffer;
  bool was_written = false;
  while (true) {
    const auto count = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (count <= 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof(inotify_event) + event->len;
      was_written |= (event->mask & IN_MODIFY) != 0;
      // Told once, or its file is gone: either way nobody watches it any more.
      std::erase_if(armed_, [&](const auto& file) { return file.second == event->wd; });
    }
  }
  if (was_written) written_();
}

}  // namespace vj::platform
