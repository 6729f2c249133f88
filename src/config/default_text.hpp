// config/config.toml as it was when the program was built: every key, commented out, with its default.
#pragma once

#include <string_view>

namespace vj::config {

[[nodiscard]] std::string_view default_text();

}  // namespace vj::config
