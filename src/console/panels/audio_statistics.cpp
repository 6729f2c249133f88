#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

Element row(std::string words) { return line(std::move(words)); }

}  // namespace

Element audio_statistics_panel(const Model& model, int width) {
  constexpr auto kTitle = "Statistics";
  const auto* stats = current_stats(model.audio, model.now);
  if (stats == nullptr) return waiting_panel(model, kTitle, "audio_analyzer");
  if (stats->device.empty()) return panel(kTitle, row("○ no input to measure") | theme::faint());
  if (stats->report.frames == 0) return panel(kTitle, row("nothing measured yet") | theme::faint());
  const auto& report = stats->report;
  const auto total = std::ranges::find(report.stages, "total", &wire::StageCost::stage);
  Elements rows{row(format("{:.1f} frames/s, {} overruns", report.fps, report.overruns))};
  if (report.overruns > 0) rows.back() = rows.back() | theme::of(Health::kWarning);
  if (total != report.stages.end()) {
    // Microseconds a frame, times frames a second, is millionths of a core.
    rows.push_back(row(format("{:.0f} µs a frame, p99 {:.0f}", total->median, total->p99)));
  }
  const std::string latency = format("{:.1f} ms, p99 {:.1f}", report.latency.median, report.latency.p99);
  const std::string in_full = "capture to OSC " + latency;
  rows.push_back(row(cells(in_full) <= width - 4 ? in_full : "to OSC " + latency));
  return panel(kTitle, ftxui::vbox(std::move(rows)));
}

}  // namespace vj::console
