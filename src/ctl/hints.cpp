#include "ctl/hints.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::ctl {
namespace {

bool needs_no_quotes(char c) {
  constexpr std::string_view kPlain = "_-./:@%+=,";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kPlain.contains(c);
}

// The only name that has the word in it.
std::optional<std::string> only_name_with(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t kFewestLetters = 3;
  if (word.size() < kFewestLetters) return std::nullopt;
  std::optional<std::string> found;
  for (const std::string& name : known) {
    if (!lower_ascii(name).contains(lower_ascii(word))) continue;
    if (found) return std::nullopt;
    found = name;
  }
  return found;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, needs_no_quotes)) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + '\'';
}

std::string how_to_start(const Place& place) {
  std::string options;
  if (!place.home_is_usual) options += " --home " + shell_word(place.home);
  if (place.config_file) options += " --config " + shell_word(*place.config_file);
  const auto program = [&](std::string_view name) { return shell_word(format("{}/{}", place.programs, name)); };
  return format("{}{}, or: {}{} --start-all", program("vj_console"), options, program("workers/process_manager_daemon"),
                options);
}

std::string instead_of(std::string_view wrong, std::span<const std::string> known) {
  auto meant = nearest_name(wrong, known);
  if (!meant) meant = only_name_with(wrong, known);
  if (meant) return format("; did you mean '{}'?", printable(*meant));
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "; there are " : ", ") + printable(name);
  return names;
}

}  // namespace vj::ctl
