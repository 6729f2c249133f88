// What a terminal shows of a model, and its comparison with the files in src/console/testdata.
#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "base/text.hpp"
#include "console/model.hpp"
#include "console/renderer.hpp"
#include "console/view.hpp"
#include "support/golden.hpp"
#include "support/vt_screen.hpp"

namespace vj::testing {

// Without the blanks at the ends of lines.
inline std::string drawn(const console::Model& model) {
  VtScreen glass(model.size.columns, model.size.rows);
  console::Renderer renderer(console::ColorDepth::kNone);
  glass.feed(renderer.update(console::render(model)));
  const std::string text = glass.text();
  std::string result;
  for (const auto row : split(text, '\n')) result += std::string(row.substr(0, row.find_last_not_of(' ') + 1)) + "\n";
  result.pop_back();
  return result;
}

// At 120x40, 80x24 and 60x20, with NAME_120x40.txt and so on.
inline void check_at_every_size(const std::string& name, console::Model (*make)(console::Size)) {
  for (const console::Size size : {console::Size{120, 40}, console::Size{80, 24}, console::Size{60, 20}}) {
    const std::string file = format("{}_{}x{}.txt", name, size.columns, size.rows);
    CAPTURE(file);
    const std::string text = drawn(make(size));
    CHECK(text == golden("src/console/testdata/" + file, text));
  }
}

inline bool shows(const console::Model& model, std::string_view words) {
  return drawn(model).find(words) != std::string::npos;
}

}  // namespace vj::testing
