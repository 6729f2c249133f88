// How the workers are, in one line: what a service manager shows of the process manager. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vj::supervisor_host {

struct NamedState {
  std::string_view name;
  std::string_view state;    // one of supervision's words
  bool is_expected = false;  // it is to run with the show
};

[[nodiscard]] std::string status_words(std::span<const NamedState> workers);

}  // namespace vj::supervisor_host
