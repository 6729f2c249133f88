#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "console/elements.hpp"
#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"

namespace vj::console {
namespace {

constexpr int kFeaturesInTwo = 6, kFeaturesInOne = 9;  // rows, with borders
constexpr int kTwoColumnsOfToggles = 46;
constexpr int kAnalysis = 16, kLeastAnalysis = 5, kDevice = 3;
constexpr int kBorders = 2;
constexpr int kStatistics = 5;
constexpr int kBenchmark = 9, kTightBenchmark = 7, kLeastBenchmark = 5;

Element rows(Element element, int count) {
  return std::move(element) | ftxui::size(ftxui::HEIGHT, ftxui::EQUAL, count);
}

// Device above, what is switched in the middle, what was measured below. Where there is little room, the statistics
// make way for a benchmark that somebody has asked for.
Element right_column(const Model& model, int width, int height) {
  const int features = width >= kTwoColumnsOfToggles ? kFeaturesInTwo : kFeaturesInOne;
  const bool has_benchmark = model.audio.benchmark || model.audio.benchmark_until;
  const int left = height - features;
  const bool has_both = left >= kStatistics + kBenchmark + 4;
  int benchmark = 0;
  if (has_both) {
    benchmark = kBenchmark;
  } else if (has_benchmark) {
    // What a list of inputs needs, the benchmark's smaller print can do without.
    benchmark = std::clamp(left - audio_device_rows(model, width) - kBorders, kLeastBenchmark, kTightBenchmark);
    benchmark = std::clamp(benchmark, 0, std::max(0, left - 4));
  }
  const int statistics = has_both || !has_benchmark ? kStatistics : 0;
  const int device = std::max(1, left - statistics - benchmark - kBorders);
  Elements panels{audio_device_panel(model, width, device) | ftxui::flex,
                  rows(audio_features_panel(model, width), features)};
  if (statistics > 0) panels.push_back(rows(audio_statistics_panel(model, width), statistics));
  if (has_both || has_benchmark) panels.push_back(rows(audio_benchmark_panel(model, width), benchmark));
  return ftxui::vbox(std::move(panels));
}

Element one_column(const Model& model) {
  const int columns = model.size.columns;
  const int height = body_rows(model);
  if (height >= kAnalysis + kDevice + kFeaturesInTwo) {
    const int device = height - kAnalysis - kFeaturesInTwo - kBorders;
    return ftxui::vbox({rows(audio_analysis_panel(model, columns, kAnalysis - kBorders), kAnalysis),
                        audio_device_panel(model, columns, device) | ftxui::flex,
                        rows(audio_features_panel(model, columns), kFeaturesInTwo)});
  }
  auto lines = audio_input_lines(model, columns - 4);
  const int analysis = height - static_cast<int>(lines.size()) - 2;
  if (analysis < kLeastAnalysis) return audio_analysis_panel(model, columns, height - kBorders);
  // Where there is nothing to analyze, the reason has the room.
  const bool has_more_to_say = !model.audio.heard;
  const int analysis_rows = has_more_to_say ? kLeastAnalysis : analysis;
  auto analysis_panel = audio_analysis_panel(model, columns, analysis_rows - kBorders);
  auto input_panel = panel("Device & Features", ftxui::vbox(std::move(lines)), audio_input_corner(model));
  if (has_more_to_say) input_panel = std::move(input_panel) | ftxui::flex;
  return ftxui::vbox({rows(std::move(analysis_panel), analysis_rows), std::move(input_panel)});
}

}  // namespace

Element audio_screen(const Model& model) {
  const int columns = model.size.columns;
  if (columns <= kOneColumn) return one_column(model);
  const int right = columns >= kWide ? std::clamp(columns * 43 / 100, 48, 64) : columns * 43 / 100;
  const int height = body_rows(model);
  return ftxui::hbox({audio_analysis_panel(model, columns - right, height - kBorders) | ftxui::flex,
                      right_column(model, right, height) | ftxui::size(ftxui::WIDTH, ftxui::EQUAL, right)});
}

}  // namespace vj::console
