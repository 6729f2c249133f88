// The configuration file of a running system, and a copy of it from when it was last read without a problem
// (`config.last_good.toml` in the home): what is started while the file has a problem reads the copy, so that a slip in
// an editor does not end the show. Belongs to the loop's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/load.hpp"
#include "platform/files.hpp"
#include "platform/log.hpp"

namespace vj::supervisor_host {

// In the home. Empty where there was no file.
[[nodiscard]] platform::Path last_good_config(const platform::Path& home);

class ConfigFile {
 public:
  // `given` is one that a person named on the command line; else it is the home's own, which need not be there. `log`
  // outlives it, and is told of a problem, and when it is mended.
  ConfigFile(platform::Logger& log, const platform::Path& home, std::optional<platform::Path> given);

  // Reads it.
  [[nodiscard]] config::Loaded load();

  // With which file one of our programs is started.
  struct Start {
    std::optional<platform::Path> option;  // for --config; none for the home's own
    bool is_copy = false;
    std::uint64_t edition = 0;
  };
  // Reads the file only where it has changed since it was read last: otherwise this costs one look at its status.
  [[nodiscard]] Start for_a_start();

  // Whether the file is to blame if a program of ours refuses its configuration: it cannot be read now, or it has
  // changed since the start. Not where the program has read the copy. `start` is none where somebody else started it.
  [[nodiscard]] bool is_to_blame(const std::optional<Start>& start);

 private:
  void tell(std::string problem);
  void keep(const std::string& text);
  [[nodiscard]] std::optional<std::string> text() const;

  platform::Logger& log_;
  platform::Path copy_;
  std::optional<platform::Path> given_;
  platform::Path file_;
  std::string problem_;  // FILE:LINE: what; empty where there is none
  std::string last_copy_problem_;
  bool read_ = false;  // as it was then:
  std::optional<platform::FileStatus> status_;
  std::uint64_t edition_ = 0;  // changes with the status
};

}  // namespace vj::supervisor_host
