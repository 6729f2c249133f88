// Turns frames into what a terminal must be sent so that it shows them: only the cells that changed, as one string
// between the marks of a synchronized update. It writes nothing itself.
#pragma once

#include <optional>
#include <string>

#include <ftxui/screen/screen.hpp>

#include "console/color_depth.hpp"

namespace vj::console {

class Renderer {
 public:
  explicit Renderer(ColorDepth depth) : depth_(depth) {}

  // The bytes that turn what the terminal shows into `frame`; empty if it shows that already. The first frame, and one
  // of another size, clears the terminal and draws everything. A wide glyph that was cut at an edge becomes a blank.
  [[nodiscard]] std::string update(ftxui::Screen frame);

  // The terminal may show anything by now: the next frame draws everything.
  void forget() { shown_.reset(); }

 private:
  ColorDepth depth_;
  std::optional<ftxui::Screen> shown_;
};

}  // namespace vj::console
