#include "config/secrets.hpp"

#include <utility>

#include "base/format.hpp"
#include "base/text.hpp"
#include "config/rules.hpp"
#include "config/text_file.hpp"

namespace vj::config {
namespace {

namespace fs = std::filesystem;

// The value between the quotes that open it; absent where they do not close, or where something follows them.
std::optional<std::string> unquoted(std::string_view text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      const std::string_view rest = trim(text.substr(i + 1));
      return rest.empty() || rest.starts_with('#') ? std::optional(value) : std::nullopt;
    }
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
      const char escaped = text[++i];
      if (escaped != 'n' && escaped != '"' && escaped != '\\') value += '\\';
      value += escaped == 'n' ? '\n' : escaped;
    } else {
      value += text[i];
    }
  }
  return std::nullopt;
}

std::optional<std::string> value_of(std::string_view text) {
  if (text.starts_with('"') || text.starts_with('\'')) return unquoted(text);
  const auto comment = text.find(" #");
  return std::string(trim(text.substr(0, comment)));
}

// The error does not name the file, but where a command mends it.
Result<std::string> read_secret_file(const fs::path& file) {
  const auto status = regular_file_status(file);
  if (!status) return fail(status.error().code, "cannot be read: " + status.error().message);
  if (auto problem = secret_file_problem(file, status->permissions())) return fail(ErrorCode::kDenied, *problem);
  auto text = read_whole_file(file);
  if (!text) return fail(text.error().code, "cannot be read: " + text.error().message);
  return text;
}

}  // namespace

std::expected<Variables, std::vector<Problem>> parse_env(std::string_view text, std::string_view file) {
  Variables variables;
  std::vector<Problem> problems;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("export ")) line = trim(line.substr(7));
    const auto equals = line.find('=');
    const std::string_view name = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_environment_name(name)) {
      problems.push_back({std::string(file), number, "", "expected NAME=value"});
    } else if (const auto value = value_of(trim(line.substr(equals + 1)))) {
      variables[std::string(name)] = *value;
    } else {
      problems.push_back({std::string(file), number, std::string(name),
                          vj::format("the quotes around the value of {} do not match", name)});
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return variables;
}

std::optional<std::string> secret_file_problem(const fs::path& file, fs::perms mode) {
  constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;
  if ((mode & kOthers) == fs::perms::none) return std::nullopt;
  return vj::format("holds secrets, but others than its owner may use it (mode {:04o}); run: chmod 600 {}",
                    static_cast<unsigned>(mode & fs::perms::mask), file.string());
}

std::expected<Variables, std::vector<Problem>> read_env_file(const fs::path& file) {
  const auto text = read_secret_file(file);
  if (text) return parse_env(*text, file.string());
  if (text.error().code == ErrorCode::kNotFound) return Variables{};
  return std::unexpected(std::vector<Problem>{{file.string(), 0, "", text.error().message}});
}

EnvironmentLookup with_variables(EnvironmentLookup environment, Variables from_file) {
  return [environment = std::move(environment),
          from_file = std::move(from_file)](const std::string& name) -> std::optional<std::string> {
    if (auto value = environment(name); value && !value->empty()) return value;
    const auto found = from_file.find(name);
    return found == from_file.end() ? std::nullopt : std::optional(found->second);
  };
}

Result<std::optional<std::string>> find_secret(const SecretSource& source, const EnvironmentLookup& environment) {
  if (!source.file.empty()) {
    const auto text = read_secret_file(source.file);
    if (!text) return fail(text.error().code, vj::format("{} {}", source.file, text.error().message));
    const std::string_view secret = trim(*text);
    if (secret.empty()) return fail(ErrorCode::kInvalid, source.file + " is empty");
    return std::optional(std::string(secret));
  }
  if (source.env.empty()) return std::nullopt;
  auto value = environment(source.env);
  if (!value || value->empty()) return std::nullopt;
  return value;
}

}  // namespace vj::config
