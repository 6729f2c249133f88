#include "config/problem.hpp"

#include "base/format.hpp"

namespace vj::config {

std::string to_string(const Problem& problem) {
  return problem.line == 0 ? vj::format("{}: {}", problem.file, problem.what)
                           : vj::format("{}:{}: {}", problem.file, problem.line, problem.what);
}

std::string to_string(std::span<const Problem> problems) {
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "\n") + to_string(problem);
  return text;
}

}  // namespace vj::config
