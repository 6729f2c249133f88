// What a person can do next, in words that a shell takes as they stand. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vj::ctl {

// Where the programs are, and what one of them has to be told to mean the same show.
struct Place {
  std::string programs;  // the folder of vjctl itself
  std::string home;
  bool home_is_usual = true;  // what every program takes unasked
  std::optional<std::string> config_file{};
};

// How to get a process manager there.
[[nodiscard]] std::string how_to_start(const Place& place);

// As one word of a POSIX shell; quoted only where it must be.
[[nodiscard]] std::string shell_word(std::string_view text);

// To be said behind a name that there is not: "; did you mean 'audio_analyzer'?", else what there is. Empty where
// nothing is known.
[[nodiscard]] std::string instead_of(std::string_view wrong, std::span<const std::string> known);

}  // namespace vj::ctl
