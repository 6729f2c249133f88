// What the console says on the shell when it has left and something runs on. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "console/message.hpp"
#include "console/model.hpp"

namespace vj::console {

// The commands that reach the same show again from the shell that the console was started from.
struct Commands {
  std::string console = "vj_console";
  std::string vjctl = "vjctl";

  friend bool operator==(const Commands&, const Commands&) = default;
};

// Of a console that was started with these options, absolute ones; one that nothing was said of needs no mention.
struct StartedWith {
  std::optional<std::string> home{};
  std::optional<std::string> config_file{};
  bool demo = false;  // `home` is the demo's own then
};
[[nodiscard]] Commands commands_for(const StartedWith& options);

// As a POSIX shell reads back as one word.
[[nodiscard]] std::string quoted_for_shell(std::string_view word);

// What runs on when this console (of process `own_pid`) leaves without stopping anything; empty if nothing does.
[[nodiscard]] std::string what_goes_on(const Model& model, int own_pid, const Commands& commands);

[[nodiscard]] std::string farewell(Leaving why, const Model& model, int own_pid, const Commands& commands);

}  // namespace vj::console
