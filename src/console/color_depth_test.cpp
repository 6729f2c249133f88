#include "console/color_depth.hpp"

#include <doctest/doctest.h>

namespace vj::console {

TEST_CASE("the environment says how much colour the terminal takes") {
  CHECK(color_depth("xterm-256color", "truecolor", "") == ColorDepth::kTrueColor);
  CHECK(color_depth("xterm-direct", "", "") == ColorDepth::kTrueColor);
  CHECK(color_depth("tmux-256color", "", "") == ColorDepth::k256);
  CHECK(color_depth("linux", "", "") == ColorDepth::k16);
  CHECK(color_depth("vt100", "", "") == ColorDepth::kNone);
}

TEST_CASE("NO_COLOR takes the colour away, TERM=dumb everything") {
  CHECK(color_depth("xterm-256color", "truecolor", "1") == ColorDepth::kNone);
  CHECK(color_depth("dumb", "truecolor", "1") == ColorDepth::kPlain);
  CHECK(color_depth("", "", "") == ColorDepth::kPlain);
}

}  // namespace vj::console
