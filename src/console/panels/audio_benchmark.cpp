#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

using ftxui::hbox;
using ftxui::text;

constexpr int kRoomy = 44;

Health health_of(const wire::AudioReport& report) {
  if (report.overruns > 0 || report.verdict == "high") return Health::kWarning;
  return report.verdict.empty() ? Health::kAbsent : Health::kGood;
}

std::string name_of(const std::string& stage) {
  if (stage == "fft") return "FFT";
  return stage == "osc" ? "OSC" : stage;
}

std::string costs(const wire::AudioReport& report) {
  std::string words;
  for (const auto& each : report.stages) {
    if (each.stage == "total") continue;
    words += format("{}{} {:.0f}", words.empty() ? "" : "  ", name_of(each.stage), each.median);
  }
  const auto total = std::ranges::find(report.stages, "total", &wire::StageCost::stage);
  if (total != report.stages.end()) words += format(" µs, in all {:.0f}, p99 {:.0f}", total->median, total->p99);
  return words;
}

Elements results(const wire::AudioReport& report, int width) {
  const Health health = health_of(report);
  const std::string verdict = report.verdict.empty() ? "no verdict" : report.verdict;
  const std::string latency = format("{:.1f} ms, p99 {:.1f}", report.latency.median, report.latency.p99);
  Elements rows{
      hbox({text(format("{} ", mark_of(health))) | theme::of(health), text(verdict) | theme::of(health) | ftxui::bold,
            line(report.frames == 0 ? std::string()
                 : width >= kRoomy  ? "  capture to OSC " + latency
                                    : "  " + latency)})};
  if (!report.cause.empty()) {
    rows.push_back(hbox({text("  "), paragraph(report.cause, width - 2) | theme::of(health)}));
  }
  rows.push_back(line(format("  {:.1f} frames/s, {} overruns", report.fps, report.overruns)));
  if (report.frames == 0) return rows;
  rows.push_back(
      line(format("  min {:.1f}  p95 {:.1f}  max {:.1f}", report.latency.min, report.latency.p95, report.latency.max)) |
      theme::faint());
  rows.push_back(hbox({text("  "), paragraph(costs(report), width - 2)}));
  return rows;
}

}  // namespace

Element audio_benchmark_panel(const Model& model, int width) {
  constexpr auto kTitle = "Benchmark";
  const AudioState& audio = model.audio;
  const auto* stats = current_stats(audio, model.now);
  const bool is_running = audio.benchmark_until || (stats != nullptr && stats->benchmarking);
  Elements rows;
  if (is_running) {
    const bool counts = audio.benchmark_until && *audio.benchmark_until > model.now;
    rows.push_back(hbox({text("⟳ ") | theme::of(Health::kWarning),
                         line(counts ? format("measuring, {} left", countdown(*audio.benchmark_until, model.now))
                                     : std::string("measuring…"))}));
  } else {
    rows.push_back(hbox({text("[b]") | theme::accent(), line(" 10 s on the live input")}));
    if (audio.benchmark) {
      for (auto& row : results(*audio.benchmark, width - 4)) rows.push_back(std::move(row));
    }
  }
  return panel(kTitle, ftxui::vbox(std::move(rows)));
}

}  // namespace vj::console
