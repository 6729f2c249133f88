// Tells when a file or folder may have changed: made, written, replaced, removed, also when its folders appear only
// later. inotify where there is one; a look at its status now and then beside it, because network shares tell nothing.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/event_loop.hpp"
#include "platform/files.hpp"

namespace vj::platform {

struct FileWatchOptions {
  Duration poll_interval{};   // 0: no polling where inotify works
  bool notifications = true;  // false: poll only
  // The file is only ever replaced by rename, or removed: nothing else that happens in its folder wakes the loop.
  bool replaced_only = false;
  // Besides, who replaces it points it out (point_out()) where there is news in it, and only that is told. A stranger
  // who knows nothing of that is known by the new file that he makes, to rename it, by the name that stands here: for
  // some seconds from then on every replacement is told.
  std::string pointed_out_only_unless_made{};
  // Asked before the system is asked for a watch; false stands for a system that has none left. For tests.
  std::function<bool()> may_watch{};
};

class FileWatch {
 public:
  using Callback = std::function<void()>;

  // Where nothing tells of changes, be it that the system has no watch left, and no interval is given, it polls each
  // second, for as long as that is so.
  FileWatch(EventLoop& loop, Path path, Callback callback, FileWatchOptions options = {});
  ~FileWatch();
  FileWatch(FileWatch&&) noexcept;
  FileWatch& operator=(FileWatch&&) noexcept;

  // Whether there may be a change that was not told yet. It will not be: for who has made it himself, or reads the file
  // now anyway. With `pointed_out` false, of what is pointed out alone nothing is looked for.
  [[nodiscard]] bool take_untold(bool pointed_out = true);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace vj::platform
