// Compares a text with a file under testdata/. With VJ_UPDATE_GOLDEN set, writes the file instead, to be read and
// committed.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace vj::testing {

inline std::string golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(VJ_TESTDATA) + "/" + name;
  if (std::getenv("VJ_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace vj::testing
