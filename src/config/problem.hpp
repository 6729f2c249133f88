// What is wrong in a file that a person wrote, told so that it can be mended at once.
#pragma once

#include <span>
#include <string>

namespace vj::config {

struct Problem {
  std::string file;
  int line = 0;     // 0: the file as a whole
  std::string key;  // "process_manager.max_restarts"; empty where no key is to blame
  std::string what;

  friend bool operator==(const Problem&, const Problem&) = default;
};

[[nodiscard]] std::string to_string(const Problem& problem);             // "FILE:LINE: what"
[[nodiscard]] std::string to_string(std::span<const Problem> problems);  // one a line

}  // namespace vj::config
