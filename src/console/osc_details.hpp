// All of one OSC message, as lines. Pure.
#pragma once

#include <string>
#include <vector>

#include "console/model.hpp"

namespace vj::console {

struct DetailLine {
  std::string label;  // empty where the line above goes on
  std::string text;
  bool is_wrong = false;

  friend bool operator==(const DetailLine&, const DetailLine&) = default;
};

inline constexpr int kDetailLabelWidth = 11;

// Of the message that is selected, wrapped to `width` cells; empty where none is.
[[nodiscard]] std::vector<DetailLine> osc_details(const Model& model, int width);

}  // namespace vj::console
