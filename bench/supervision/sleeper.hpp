// What is supervised in the benchmark: this very program, which links what a worker of ours links, tells its pid as
// soon as it is in main, and sleeps. Roll is where the sleepers of one supervisor report.
#pragma once

#include <string>

#include <sys/types.h>

#include "base/time.hpp"
#include "platform/files.hpp"

namespace vj::bench {

// The program's own file.
[[nodiscard]] std::string own_program();

// What a sleeper's command line is: PROGRAM --sleeper FIFO. A service directory cannot pass arguments: a program that
// is called `run` reports to the fifo beside it.
inline constexpr const char* kSleeper = "--sleeper";

// Where a sleeper in a service directory says that it is ready, as s6 has it.
inline constexpr int kReadinessFd = 3;

// What a worker's is that does nothing but beat its heart: PROGRAM --beater NAME.
inline constexpr const char* kBeater = "--beater";

// Does what a heartbeat of a supervisor is at the least, as often as it: PROGRAM --floor FOLDER BYTES.
inline constexpr const char* kHeartbeatFloor = "--floor";

// Whether this process is to be one of these; then it never returns but by a signal.
void sleep_if_sleeper(int argc, char** argv);

class Roll {
 public:
  explicit Roll(platform::Path fifo);
  ~Roll();
  Roll(const Roll&) = delete;
  Roll& operator=(const Roll&) = delete;

  // The pid of the next one that is in main. Waits; ends the benchmark after half a minute.
  [[nodiscard]] pid_t next() const;
  [[nodiscard]] const platform::Path& fifo() const { return fifo_; }

 private:
  platform::Path fifo_;
  int fd_ = -1;
};

}  // namespace vj::bench
