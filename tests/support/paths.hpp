// Where the source and the build are, for tests that read files of the project. Only paths.cpp is compiled with these
// paths, so that the same test compiles to the same object in every checkout (which is what compiler caches go by).
#pragma once

#include <string>

namespace vj::testing {

[[nodiscard]] std::string source_path(const std::string& below);
[[nodiscard]] std::string build_path(const std::string& below);

}  // namespace vj::testing
