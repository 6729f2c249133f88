#include "console/color_depth.hpp"

namespace vj::console {

ColorDepth color_depth(std::string_view term, std::string_view colorterm, std::string_view no_color) {
  if (term.empty() || term == "dumb") return ColorDepth::kPlain;
  if (!no_color.empty()) return ColorDepth::kNone;
  if (colorterm == "truecolor" || colorterm == "24bit" || term.ends_with("-direct")) return ColorDepth::kTrueColor;
  if (term.find("256color") != std::string_view::npos) return ColorDepth::k256;
  if (term.starts_with("vt1") || term.starts_with("vt2") || term.ends_with("-mono")) return ColorDepth::kNone;
  return ColorDepth::k16;
}

}  // namespace vj::console
