// The terminal that this process was started on, as a full-screen program uses it. It knows no key and draws nothing.
// Between enter() and leave() the terminal is given back on every way out of the process: return, exit(), an uncaught
// exception, abort and fatal signals. Signals that end a process politely (SIGTERM and so on) are the caller's to
// watch. At most one Tty exists at a time; it belongs to one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

struct TtySize {
  int columns = 0;
  int rows = 0;

  friend bool operator==(const TtySize&, const TtySize&) = default;
};

// Whether a person sees what is printed, as far as one can know.
[[nodiscard]] bool standard_output_is_terminal();

class Tty {
 public:
  // Standard input and output must both be a terminal.
  [[nodiscard]] static Result<Tty> open();
  Tty(Tty&&) noexcept = default;
  Tty& operator=(Tty&&) = delete;
  ~Tty();

  // A file description of its own, so that reading and writing without blocking leaves the shell's alone.
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] TtySize size() const;  // 80x24 where the terminal does not say

  // Switches to unbuffered input without echo; ^C, ^Z and ^\ stay signals. Then sends `greeting`. `farewell` is what
  // undoes the greeting when the terminal is given back; it is cut at 256 bytes.
  [[nodiscard]] Result<void> enter(std::string_view greeting, std::string_view farewell);
  void leave();  // does nothing the second time

  // Stops the process as ^Z does, with the terminal given back meanwhile. Returns when it is continued; enter() again.
  void suspend();

  // What was typed since the last call; empty if nothing. Fails when the terminal is gone.
  [[nodiscard]] Result<std::string> read();

  // How many of the bytes the terminal took; 0 while it takes none. Fails when the terminal is gone.
  [[nodiscard]] Result<std::size_t> write(std::string_view bytes);

 private:
  explicit Tty(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace vj::platform
