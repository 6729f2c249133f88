// Text of a configuration file to a Config that obeys every rule, or to all that is wrong with it. Never half a
// configuration: one problem, and there is none.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/problem.hpp"

namespace vj::config {

using Loaded = std::expected<Config, std::vector<Problem>>;

// `file` is how problems call the text; "~/" in paths becomes `user_home`, unless that is empty.
[[nodiscard]] Loaded load(std::string_view text, std::string_view file, std::string_view user_home = {});

enum class IfMissing { kDefaults, kProblem };

// The same from a file. A file that a person named must be there; the home's own need not.
[[nodiscard]] Loaded load_file(const std::filesystem::path& file, IfMissing if_missing,
                               std::string_view user_home = {});

}  // namespace vj::config
