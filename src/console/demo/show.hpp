// The built-in show of --demo: a home of its own in which real workers hear a loop of ours and watch a VirtualDJ folder
// of ours, whose track this changes now and then. Nothing of the user's is read, written or sent to.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "platform/event_loop.hpp"
#include "platform/files.hpp"

namespace vj::console::demo {

// Where the demo of this user lives: below `runtime_folder` ($XDG_RUNTIME_DIR), else in the cache below `user_home`.
// Both are the user's own: in a folder that all may write to, somebody else could wait with a configuration.
[[nodiscard]] platform::Path home_of(const std::optional<std::string>& runtime_folder, const platform::Path& user_home);

// The configuration of a demo in this home: ports of its own, and no OSC target switched on.
[[nodiscard]] std::string config_text(const platform::Path& home);

class Show {
 public:
  using Problem = std::function<void(const std::string&)>;

  // Writes the home's files, unless another console already plays a show there: then this one only watches it.
  [[nodiscard]] static Result<Show> open(platform::Path home);

  // Plays the first track, and the next each time one is over. Not to be moved from then on.
  void begin(platform::EventLoop& loop, Problem problem);

  // Removes what open() wrote. For when nothing runs there any more.
  void remove();

  [[nodiscard]] const platform::Path& home() const { return home_; }

 private:
  Show(platform::Path home, std::optional<platform::FileLock> lock) : home_(std::move(home)), lock_(std::move(lock)) {}
  [[nodiscard]] Result<void> write_files() const;
  [[nodiscard]] Result<void> play(std::size_t track) const;

  platform::Path home_;
  std::optional<platform::FileLock> lock_;  // held by the console that plays
  platform::EventLoop::Timer next_;
  std::size_t playing_ = 0;
};

}  // namespace vj::console::demo
