// Tells that somebody writes to a file, once for each time that it is asked: a file that nobody writes to costs
// nothing, and one that is written to all the time no more than whoever asks again. Where the system cannot tell, it
// says nothing.
#pragma once

#include <functional>
#include <map>

#include "platform/event_loop.hpp"
#include "platform/files.hpp"

namespace vj::platform {

class WriteAlarm {
 public:
  using Callback = std::function<void()>;

  WriteAlarm(EventLoop& loop, Callback written);

  // The next write to the file is told. Asked for twice, it is told once. False where the system cannot tell.
  [[nodiscard]] bool arm(const Path& file);
  // Whether nothing has been written to the file since then.
  [[nodiscard]] bool armed(const Path& file) const { return armed_.contains(file.native()); }

  // To how many files nothing has been written.
  [[nodiscard]] std::size_t armed_count() const { return armed_.size(); }

 private:
  void read();

  Callback written_;
  UniqueFd inotify_;
  std::map<Path::string_type, int> armed_;  // with the number by which the system knows it
  EventLoop::Watch watch_;
};

}  // namespace vj::platform
