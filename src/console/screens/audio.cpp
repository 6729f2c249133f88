#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"

namespace vj::console {
namespace {

constexpr int kFeaturesInTwo = 6, kFeaturesInOne = 9;  // rows, with borders
constexpr int kTwoColumnsOfToggles = 46;
constexpr int kStatistics = 5;
constexpr int kBenchmark = 9;

Element rows(Element element, int count) {
  return std::move(element) | ftxui::size(ftxui::HEIGHT, ftxui::EQUAL, count);
}

// Device above, what is switched in the middle, what was measured below. Where there is little room, the statistics
// make way for a benchmark that somebody has asked for.
Element right_column(const Model& model, int width, int height) {
  const int features = width >= kTwoColumnsOfToggles ? kFeaturesInTwo : kFeaturesInOne;
  const bool has_benchmark = model.audio.benchmark || model.audio.benchmark_until;
  const int left = height - features;
  Elements panels{audio_device_panel(model, width) | ftxui::flex, rows(audio_features_panel(model, width), features)};
  const bool has_both = left >= kStatistics + kBenchmark + 4;
  if (has_both || !has_benchmark) panels.push_back(rows(audio_statistics_panel(model), kStatistics));
  if (has_both || has_benchmark) {
    panels.push_back(rows(audio_benchmark_panel(model, width), has_both ? kBenchmark : std::min(7, left - 4)));
  }
  return ftxui::vbox(std::move(panels));
}

Element one_column(const Model& model) {
  const int height = body_rows(model);
  const int analysis = std::min(height, 16);
  Elements panels{audio_analysis_panel(model, analysis - 2) | ftxui::size(ftxui::HEIGHT, ftxui::EQUAL, analysis)};
  const int left = height - analysis;
  if (left >= 3) panels.push_back(audio_device_panel(model, model.size.columns) | ftxui::flex);
  if (left >= 3 + kFeaturesInTwo) {
    panels.push_back(rows(audio_features_panel(model, model.size.columns), kFeaturesInTwo));
  }
  return ftxui::vbox(std::move(panels));
}

}  // namespace

Element audio_screen(const Model& model) {
  const int columns = model.size.columns;
  if (columns <= kOneColumn) return one_column(model);
  const int right = columns >= kWide ? std::clamp(columns * 43 / 100, 48, 64) : columns * 43 / 100;
  const int height = body_rows(model);
  return ftxui::hbox({audio_analysis_panel(model, height - 2) | ftxui::flex,
                      right_column(model, right, height) | ftxui::size(ftxui::WIDTH, ftxui::EQUAL, right)});
}

}  // namespace vj::console
