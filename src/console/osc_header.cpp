#include "console/osc_header.hpp"

#include <cmath>

#include "base/format.hpp"
#include "console/geometry.hpp"
#include "console/text_layout.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

constexpr int kGap = 2;

std::string target_words(const wire::OscTarget& target, bool has_room) {
  std::string words = target.name;
  if (has_room) words += " " + target.address;
  if (!target.enabled) return "○ " + words + " off";
  return target.problem.empty() ? "✓ " + words : format("✗ {} ({})", words, target.problem);
}

Health health_of(const wire::OscTarget& target) {
  if (!target.enabled) return Health::kAbsent;
  return target.problem.empty() ? Health::kGood : Health::kFailed;
}

std::vector<OscHeaderPart> parts(const Model& model) {
  std::vector<OscHeaderPart> result;
  const WorkerRow* debugger = find_worker(model, "osc_debugger");
  if (!hears_osc(model)) {
    const std::string words = debugger != nullptr ? state_words(model, *debugger) : "";
    result.push_back({format("⚠ osc_debugger: {}", words.empty() ? "not connected" : words), Health::kWarning});
  }
  if (model.osc_stats) {
    const auto& stats = *model.osc_stats;
    const Health lost = stats.dropped > 0 ? Health::kFailed : Health::kGood;
    if (hears_osc(model)) result.push_back({format("{} msg/s", std::lround(stats.per_second)), Health::kGood});
    result.push_back({format("{} in all", grouped(stats.total)), Health::kGood});
    result.push_back({format("{} dropped", grouped(stats.dropped)), lost});
    if (stats.malformed > 0) result.push_back({format("{} malformed", grouped(stats.malformed)), Health::kFailed});
  }
  if (const auto missed = model.osc.missed(); missed > 0) {
    result.push_back({format("{} not shown", grouped(missed)), Health::kWarning});
  }
  if (!model.osc_stats) return result;
  const bool has_room = model.size.columns >= kWide;
  bool is_first = true;
  for (const auto& target : model.osc_stats->targets) {
    const std::string title = std::exchange(is_first, false) && has_room ? "targets: " : "";
    result.push_back({title + target_words(target, has_room), health_of(target)});
  }
  if (debugger != nullptr && hears_osc(model) && !debugger->reason.empty()) {
    result.push_back({"⚠ " + debugger->reason, Health::kWarning});
  }
  return result;
}

}  // namespace

std::vector<std::vector<OscHeaderPart>> osc_header(const Model& model) {
  const int width = logs_page(model).width;
  std::vector<std::vector<OscHeaderPart>> lines(1);
  int used = 0;
  for (auto& part : parts(model)) {
    const int needed = cells(part.text);
    if (used > 0 && used + kGap + needed > width) {
      lines.emplace_back();
      used = 0;
    }
    used += (used > 0 ? kGap : 0) + needed;
    lines.back().push_back(std::move(part));
  }
  return lines;
}

}  // namespace vj::console
