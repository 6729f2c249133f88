#include "support/paths.hpp"

namespace vj::testing {

std::string source_path(const std::string& below) { return std::string(VJ_SOURCE_DIR "/") + below; }

std::string build_path(const std::string& below) { return std::string(VJ_BINARY_DIR "/") + below; }

}  // namespace vj::testing
