// What a program prints for others to read: tells output that was lost from a reader that wants no more. Belongs to one
// thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "platform/event_loop.hpp"

namespace vj::platform {

// Puts something in the place of each closed one of standard input, output and error, so that no file or socket that is
// opened later is taken for it. To be called before any is.
void reserve_standard_descriptors();

class StandardOutput {
 public:
  explicit StandardOutput(int fd = 1) : fd_(fd) {}  // which stays the caller's

  // All of it, at once. False where it could not be, or a time before could not.
  bool print(std::string_view text);

  // Why something could not be written: a full disk, no output at all. A reader that has gone, as `| head` does, is no
  // loss.
  [[nodiscard]] const std::optional<Error>& loss() const { return loss_; }

  // Calls back in every turn in which the reader of a pipe or socket has gone, also while nothing is printed.
  [[nodiscard]] EventLoop::Watch watch_reader(EventLoop& loop, EventLoop::Callback gone) const;

 private:
  int fd_;
  bool is_over_ = false;
  std::optional<Error> loss_;
};

}  // namespace vj::platform
