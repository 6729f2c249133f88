// How much colour the terminal takes. Colour is never the only carrier of a meaning, so every depth shows the same
// words.
#pragma once

#include <string_view>

namespace vj::console {

enum class ColorDepth {
  kPlain,      // not even bold: TERM=dumb
  kNone,       // bold, dim and reverse, no colour: NO_COLOR
  k16,         // the terminal's own palette
  k256,        // xterm's cube
  kTrueColor,  // 24 bits
};

// What the environment says; an unset variable is an empty string. `no_color` counts when it is not empty
// (https://no-color.org), and wins over the rest.
[[nodiscard]] ColorDepth color_depth(std::string_view term, std::string_view colorterm, std::string_view no_color);

}  // namespace vj::console
