#include "config/home.hpp"

namespace vj::config {

Result<std::filesystem::path> resolve_home(const HomeHints& hints) {
  if (hints.flag && !hints.flag->empty()) return *hints.flag;
  if (hints.vj_home && !hints.vj_home->empty()) return *hints.vj_home;
  if (hints.user_home && !hints.user_home->empty()) return std::filesystem::path(*hints.user_home) / ".vj";
  return fail(ErrorCode::kNotFound, "no home folder: HOME is not set; give --home DIR or set VJ_HOME");
}

}  // namespace vj::config
