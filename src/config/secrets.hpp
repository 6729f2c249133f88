// Secrets come from the environment, from $VJ_HOME/.env or from a file of their own, and a file must be the user's
// alone. Nothing here logs or keeps a secret, and no message quotes one.
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "config/problem.hpp"

namespace vj::config {

using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;
using Variables = std::map<std::string, std::string>;

// NAME=value, a line each; "export" before it, quotes around the value, comments and empty lines are fine. Nothing is
// expanded, except \n, \" and \\ between double quotes.
[[nodiscard]] std::expected<Variables, std::vector<Problem>> parse_env(std::string_view text, std::string_view file);

// What is wrong with the mode of a file that holds secrets, said after its name; absent when only its owner may touch
// it.
[[nodiscard]] std::optional<std::string> secret_file_problem(const std::filesystem::path& file,
                                                             std::filesystem::perms mode);

// No such file is no variables.
[[nodiscard]] std::expected<Variables, std::vector<Problem>> read_env_file(const std::filesystem::path& file);

// The process's own environment goes before the file's.
[[nodiscard]] EnvironmentLookup with_variables(EnvironmentLookup environment, Variables from_file);

// Absent where neither the file is named nor the variable set; an empty variable counts as not set. A file that is
// named and cannot be used is an error.
[[nodiscard]] Result<std::optional<std::string>> find_secret(const SecretSource& source,
                                                             const EnvironmentLookup& environment);

}  // namespace vj::config
