// Reads the file, named from the source folder, that a text must be equal to. With VJ_UPDATE_GOLDEN set, writes the
// text to the file first, to be read and committed.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "support/paths.hpp"

namespace vj::testing {

inline std::string golden(const std::string& name, const std::string& text) {
  const std::string path = source_path(name);
  if (std::getenv("VJ_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace vj::testing
